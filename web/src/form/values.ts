import type { Schemas } from '../api/client'

export type Field = Schemas['FieldView']
export type FormView = Schemas['FormView']
export type Tried = Schemas['Tried']
export type Fault = Schemas['FieldProblem']

// ControlProps are what each control gets: one for each type of the language.
export type ControlProps = {
  field: Field
  id: string
  value: unknown
  invalid: boolean
  described?: string
  change: (value: unknown) => void
  leave: () => void
}

// nothing is to be said of a form.
export const nothing: Tried = { computed: [], fields: [], not_asked: [] }
export type Values = Record<string, unknown>

// A path names a place in the values as the API does: resident.name, guests[0].price.
const parts = (path: string): (string | number)[] =>
  path.split(/[.[\]]+/).filter(Boolean).map((p) => (/^\d+$/.test(p) ? Number(p) : p))

export function get(values: unknown, path: string): unknown {
  let at = values
  for (const part of parts(path)) at = (at as Record<string | number, unknown> | undefined)?.[part]
  return at
}

export function set<T>(values: T, path: string, value: unknown): T {
  return put(values, parts(path), value) as T
}

function put(at: unknown, path: (string | number)[], value: unknown): unknown {
  const [head, ...rest] = path
  if (head === undefined) return value
  const copy = (typeof head === 'number' ? [...((at as unknown[]) ?? [])] : { ...(at as object) }) as Values
  copy[head] = put(copy[head], rest, value)
  return copy
}

// Columns of a whole table stand in its rows; all other fields stand alone.
export const isColumn = (f: Field) => f.table !== undefined && f.path.startsWith(`${f.table}.`)
export const columnName = (f: Field) => f.path.slice(f.path.lastIndexOf('.') + 1)

// withDefaults is what a form begins with: what is there already, and the defaults of what is not.
export function withDefaults(form: FormView, values: Values): Values {
  return (form.fields ?? []).filter((f) => !isColumn(f) && f.default !== undefined && get(values, f.path) === undefined)
    .reduce((out, f) => set(out, f.path, f.default), values)
}

// newRow is what a new row of a table begins with.
export const newRow = (columns: Field[]): Values =>
  Object.fromEntries(columns.filter((c) => c.default !== undefined).map((c) => [columnName(c), c.default]))

// send gives what is sent: in the types of the API, without what is empty or not asked for.
export function send(form: FormView, values: Values, notAsked: string[] = []): Values {
  const fields = form.fields ?? []
  let out: Values = {}
  for (const field of fields.filter((f) => !isColumn(f))) {
    const value = typed(field, get(values, field.path))
    if (value !== undefined && !notAsked.includes(field.path)) out = set(out, field.path, value)
  }
  for (const table of form.tables ?? []) {
    const columns = fields.filter((f) => isColumn(f) && f.table === table.path)
    const rows = get(values, table.path) as Values[] | undefined
    if (columns.length === 0 || rows === undefined) continue
    out[table.path] = rows.map((row, i) => {
      const sent: Values = row['#'] === undefined ? {} : { '#': row['#'] }
      for (const column of columns) {
        const name = columnName(column)
        const value = typed(column, row[name])
        if (value !== undefined && !notAsked.includes(`${table.path}[${i}].${name}`)) sent[name] = value
      }
      return sent
    })
  }
  return out
}

// idOf is the id of somebody or something that is shown by its name, or by its id alone.
const idOf = (value: unknown) => (value as { id?: string }).id ?? value

function typed(field: Field, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined
  switch (field.type) {
    case 'count':
    case 'number':
      return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value
    case 'money':
      return typeof value === 'string' ? value.trim() : value
    case 'person':
    case 'unit':
      return idOf(value)
    case 'people':
      return Array.isArray(value) ? value.map(idOf) : value
    case 'file':
    case 'photo':
    case 'signature':
      return { id: (value as { id: string }).id }
    case 'texts':
      return (value as string[]).filter((x) => x !== '')
    default:
      return value
  }
}

// fieldId is the id of a field's input.
export const fieldId = (path: string) => `f-${path.replace(/[.[\]]/g, '-')}`
