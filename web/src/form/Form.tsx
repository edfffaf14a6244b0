import type { Schemas } from '../api/client'
import { t } from '../texts/text'
import { Control, grouped } from './Control'
import type { FormState } from './useForm'
import { columnName, fieldId, get, isColumn, newRow, type Field, type Values } from './values'
import './form.css'

type Shown = Schemas['ShownField']

// Form shows the fields of a form in the order of the procedure, those of one record together. The rows of a table that
// is shown beside it are called what they are called there.
export function Form({ state, shown = [] }: { state: FormState; shown?: Shown[] }) {
  const fields = state.form.fields ?? []
  const plain = fields.filter((f) => !isColumn(f))
  const heads = [...new Set(plain.map(head))]
  const tables = (state.form.tables ?? []).filter((x) => fields.some((f) => isColumn(f) && f.table === x.path))
  const computed = (state.tried?.computed ?? []).filter((c) => !c.path.includes('['))
  return (
    <div className="form">
      {state.refused?.message && <p className="note bad" role="alert">{state.refused.message}</p>}
      {heads.map((h) => {
        const list = plain.filter((f) => head(f) === h)
        const title = titleOf(state, h)
        const content = (
          <>
            {list.map((f) => <Entry key={f.path} field={f} path={f.path} state={state} />)}
            <Computed list={computed.filter((c) => c.path.startsWith(`${h}.`))} />
          </>
        )
        return title
          ? <fieldset key={h} className="card group"><legend>{title}</legend>{content}</fieldset>
          : <div key={h} className="loose">{content}</div>
      })}
      {tables.map((table) => (
        <Rows key={table.path} table={table} state={state} beside={shown.find((f) => f.path === table.path)} />
      ))}
      <Computed list={computed.filter((c) => !heads.includes(c.path.split('.')[0]!) || !c.path.includes('.'))} />
    </div>
  )
}

const head = (f: Field) => f.path.split('.')[0]!

function titleOf(state: FormState, h: string): string | undefined {
  const table = (state.form.tables ?? []).find((x) => x.row === h)
  return table?.title ?? (state.form.groups ?? []).find((g) => g.id === h)?.title
}

function Computed({ list }: { list: Schemas['ShownField'][] }) {
  if (list.length === 0) return null
  return (
    <dl className="computed">
      {list.map((c) => (
        <div key={c.path}><dt>{c.title}</dt><dd><output>{c.text || '—'}</output></dd></div>
      ))}
    </dl>
  )
}

// Entry is one field with its title, its hint, and what is wrong with it. It is not there while it is not asked for.
function Entry({ field, path, state }: { field: Field; path: string; state: FormState }) {
  const notAsked = state.tried ? (state.tried.not_asked ?? []).includes(path) : field.when !== undefined
  if (notAsked) return null
  const fault = state.faults.find((f) => f.path === path)
  const id = fieldId(path)
  const said = [field.hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined
  const free = !field.required && t(field.judged ? 'optional.judged' : 'optional')
  const title = <>{field.title}{free && <small className="soft"> {free}</small>}</>
  const control = (
    <Control field={field} id={id} value={get(state.values, path)} invalid={fault !== undefined} described={said}
      change={(value) => state.change(path, value)} leave={() => state.touch(path)} />
  )
  const below = (
    <>
      {field.hint && <small className="soft" id={`${id}-hint`}>{field.hint}</small>}
      {fault && <p className="fault" id={`${id}-fault`}>{fault.detail}</p>}
    </>
  )
  return grouped(field) ? (
    <fieldset className="entry" id={id} aria-describedby={said} aria-invalid={fault ? true : undefined}>
      <legend>{title}</legend>{control}{below}
    </fieldset>
  ) : (
    <div className="entry"><label htmlFor={id}>{title}</label>{control}{below}</div>
  )
}

// nameOf is what people know a row by: its first value that is a name.
function nameOf(beside: Shown | undefined, row: number): string | undefined {
  const naming = ['text', 'post', 'choice', 'person', 'unit']
  const at = (beside?.columns ?? []).findIndex((c, n) => naming.includes(c.type) && beside?.rows?.[row]?.[n])
  return beside?.rows?.[row]?.[at]
}

// Rows is a table: each row a card of its columns, which reads on a telephone as well.
function Rows({ table, state, beside }: { table: Schemas['TableView']; state: FormState; beside?: Shown }) {
  const columns = (state.form.fields ?? []).filter((f) => isColumn(f) && f.table === table.path)
  const rows = (get(state.values, table.path) as Values[] | undefined) ?? []
  const there = (get(state.base, table.path) as Values[] | undefined) ?? []
  const editable = there.length === 0 || (state.form.edit_rows ?? []).includes(table.path)
  const fault = state.faults.find((f) => f.path === table.path)
  const computed = state.tried?.computed ?? []
  const put = (list: Values[]) => state.change(table.path, list)
  const called = (i: number) => {
    const name = editable ? undefined : nameOf(beside, i)
    return name ? t('task.row.named', { n: i + 1, name }) : t('row.n', { n: i + 1 })
  }
  return (
    <fieldset className="card group rows" id={fieldId(table.path)}>
      <legend>{table.title}</legend>
      {fault && <p className="fault">{fault.detail}</p>}
      {rows.map((_, i) => (
        <fieldset key={i} className="line">
          <legend className="soft">{called(i)}</legend>
          <div className="cells">
            {columns.map((c) => {
              const path = `${table.path}[${i}].${columnName(c)}`
              return <Entry key={path} field={c} path={path} state={state} />
            })}
          </div>
          <Computed list={computed.filter((c) => c.path.startsWith(`${table.path}[${i}].`))} />
          {editable && (
            <button type="button" className="button quiet small" onClick={() => put(rows.filter((__, n) => n !== i))}>
              {t('row.remove')}<span className="hidden"> {i + 1}</span>
            </button>
          )}
        </fieldset>
      ))}
      {editable && !(table.max && rows.length >= table.max) && (
        <button type="button" className="button quiet" onClick={() => put([...rows, newRow(columns)])}>
          ＋ {t('row.add')}
        </button>
      )}
    </fieldset>
  )
}
