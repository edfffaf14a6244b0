import { useEffect, useState } from 'react'
import { Problem, type Schemas } from '../api/client'
import { t, type Key } from '../texts/text'
import { withRow } from './row'

type View = Schemas['PreviewView']

// usePreview asks what an act would come to, whenever what it depends on has changed; without a question there is none.
export function usePreview(ask: (() => Promise<Schemas['Done']>) | undefined, on: unknown[]) {
  const [preview, setPreview] = useState<View>()
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    let there = true
    setPreview(undefined)
    setTrouble('')
    ask?.().then((r) => there && setPreview(r.preview))
      .catch((error: Error) => there && setTrouble(besideFields(error) ? '' : error.message))
    return () => {
      there = false
    }
  }, on)
  return { preview, why: trouble && <p className="note bad" role="alert">{trouble}</p> }
}

// besideFields tells whether what is wrong is said beside the fields of a form.
const besideFields = (error: Error) => error instanceof Problem && error.fields.length > 0

// comesTo tells whether an act would take something back.
export const comesTo = (v: View) => v.ends ||
  [v.undone, v.withdrawn, v.parked, v.compensated, v.superseded, v.cancelled].some((list) => (list ?? []).length > 0)

// Preview tells what an act would come to, before it is done.
export function Preview({ view }: { view: View }) {
  const runs = (list: Schemas['RunView'][] | null) => (list ?? []).map(withRow)
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
    ['preview.later', runs(view.later)],
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
