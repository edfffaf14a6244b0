import type { Schemas } from '../api/client'
import { t, type Key } from '../texts/text'

type View = Schemas['PreviewView']

// Preview tells what an act would come to, before it is done.
export function Preview({ view }: { view: View }) {
  const runs = (list: Schemas['RunView'][] | null) =>
    (list ?? []).map((r) => r.title + (r.row ? ` ${t('task.row', { n: r.row })}` : ''))
  const parts: [Key, string[]][] = [
    ['preview.undone', runs(view.undone)],
    ['preview.withdrawn', runs(view.withdrawn)],
    ['preview.parked', runs(view.parked)],
    ['preview.compensated', runs(view.compensated)],
    ['preview.superseded', view.superseded ?? []],
    ['preview.cancelled', view.cancelled ?? []],
    ['preview.messages', view.messages ?? []],
    ['preview.restored', (view.restored ?? []).map((w) => `${w.from} → ${w.at}`)],
    ['preview.opened', runs(view.opened)],
  ]
  const told = parts.filter(([, list]) => list.length > 0)
  return (
    <div className="preview" role="status">
      <h3>{t('preview')}</h3>
      {told.map(([key, list]) => (
        <div key={key}><small className="soft">{t(key)}</small><ul>{list.map((x, i) => <li key={i}>{x}</li>)}</ul></div>
      ))}
      {view.ends && <p><b>{t('preview.ends')}</b></p>}
      {told.length === 0 && !view.ends && <p>{t('preview.nothing')}</p>}
    </div>
  )
}
