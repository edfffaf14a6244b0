import type { Schemas } from '../api/client'
import { t, type Key } from '../texts/text'

export type Act = Schemas['ActView']

// titleOf is what an act is called, with the part that it is done to.
export const titleOf = (a: Act) => t(`act.${a.act}` as Key, { title: a.title ?? '' })

// mayDo tells whether an act is possible, on whatever part.
export const mayDo = (acts: Act[] | null | undefined, act: string) => (acts ?? []).some((a) => a.act === act && a.may)

// Button is an act that is possible; one that asks opens a dialog.
export function Button({ title, press, asks = true }: { title: string; press: () => void; asks?: boolean }) {
  return (
    <button type="button" className="button quiet small" aria-haspopup={asks ? 'dialog' : undefined} onClick={press}>
      {title}
    </button>
  )
}

// Refused are the acts that are not possible, each with its reason. What is the same for several parts is said once.
export function Refused({ acts }: { acts: Act[] }) {
  const lines = new Map(acts.filter((a) => !a.may).map((a) => [`${titleOf(a)} ${a.reason}`, a]))
  if (lines.size === 0) return null
  return (
    <details>
      <summary>{t('acts.not')}</summary>
      <ul>{[...lines].map(([key, a]) => <li key={key}><b>{titleOf(a)}</b> {a.reason}</li>)}</ul>
    </details>
  )
}
