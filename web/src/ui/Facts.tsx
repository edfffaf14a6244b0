import type { Schemas } from '../api/client'
import { useOffice } from '../api/queries'
import { listed, t } from '../texts/text'
import { moment } from './time'
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
              <div key={f.path} className={f.type === 'table' || f.type === 'note' ? 'whole' : undefined}>
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

function Fact({ fact }: { fact: Shown }) {
  const zone = useOffice().zone
  if (Array.isArray(fact.value) && (fact.columns ?? []).length > 0) return <Table fact={fact} />
  if (['file', 'photo', 'signature'].includes(fact.type) && fact.value) return <FileFact file={fact.value as File} />
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

function Table({ fact }: { fact: Shown }) {
  const columns = fact.columns ?? []
  const name = (path: string) => path.slice(path.lastIndexOf('.') + 1)
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={fact.title}>
      <table>
        <thead><tr>{columns.map((c) => <th key={c.path} scope="col">{c.title}</th>)}</tr></thead>
        <tbody>
          {(fact.value as Record<string, unknown>[]).map((row, i) => (
            <tr key={i}>{columns.map((c) => <td key={c.path}>{cell(row[name(c.path)])}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (Array.isArray(value)) return listed(value.map(cell))
  if (typeof value === 'object') return String((value as { name?: string }).name ?? '')
  return String(value)
}
