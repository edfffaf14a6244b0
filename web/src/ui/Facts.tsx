import type { Schemas } from '../api/client'
import { useOffice } from '../api/queries'
import { moment } from './time'
import { Wide } from './Wide'
import './facts.css'

type Shown = Schemas['ShownField']
type File = { id: string; name: string; type: string }

// Facts shows data to read: those of one record together, tables as tables, pictures as pictures.
export function Facts({ list, empty = false }: { list: Shown[]; empty?: boolean }) {
  const filled = list.filter((f) => empty || f.text || f.value !== undefined)
  const groups = [...new Set(filled.map((f) => f.group ?? ''))]
  return (
    <div className="facts">
      {groups.map((group) => (
        <section key={group}>
          {group && <h3>{group}</h3>}
          <dl>
            {filled.filter((f) => (f.group ?? '') === group).map((f) => (
              <div key={f.path} className={isLong(f) ? 'whole' : undefined}>
                <dt>{f.title}</dt>
                <dd><Fact fact={f} /></dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}

// isLong tells what would make a narrow column high.
const isLong = (f: Shown) => f.type === 'table' || f.type === 'note' || nameOf(f).length > 24

// nameOf is what is read of a field: of a file, its name.
const nameOf = (f: Shown) => (isFile(f.type) && f.value ? (f.value as File).name ?? '' : f.text ?? '')

const isFile = (type: string) => ['file', 'photo', 'signature'].includes(type)

// isFigure tells what is set by its last digit, one below the other.
const isFigure = (type: string) => ['count', 'number', 'money'].includes(type)

const isTime = (type: string) => ['date', 'month', 'moment'].includes(type)

function Fact({ fact }: { fact: Shown }) {
  const zone = useOffice().zone
  if (Array.isArray(fact.value) && (fact.columns ?? []).length > 0) return <Table fact={fact} />
  if (isFile(fact.type) && fact.value) return <FileFact file={fact.value as File} />
  if (fact.type === 'moment' && typeof fact.value === 'string') {
    return <time dateTime={fact.value}>{moment(fact.value, zone)}</time>
  }
  return <>{fact.text || <span className="soft">—</span>}</>
}

function FileFact({ file }: { file: File }) {
  const address = `/api/v1/files/${file.id}`
  return (
    <a href={address} download={file.name}>
      {/^image\/(png|jpeg|webp)$/.test(file.type) && <img src={address} alt="" loading="lazy" />}
      {file.name}
    </a>
  )
}

// Table shows the columns in which something stands; in a table of a dozen most are filled in later.
function Table({ fact }: { fact: Shown }) {
  const look = (type: string) => (isFigure(type) ? 'figure' : isTime(type) ? 'number' : undefined)
  const file = (row: number, path: string) =>
    (fact.value as Record<string, File | undefined>[])[row]?.[path.slice(path.lastIndexOf('.') + 1)]
  const rows = fact.rows ?? []
  const columns = (fact.columns ?? []).map((column, n) => ({ ...column, n }))
    .filter(({ type, path, n }) => rows.some((row, i) => row?.[n] || isFile(type) && file(i, path)?.id))
  return (
    <Wide label={fact.title}>
      <table>
        <thead>
          <tr>{columns.map((c) => <th key={c.path} scope="col" className={look(c.type)}>{c.title}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((c) => (
                <td key={c.path} className={look(c.type)}>
                  {isFile(c.type) && file(i, c.path)?.id ? <FileFact file={file(i, c.path)!} /> : row?.[c.n]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
