import { t } from '../texts/text'
import { ago, span } from './time'
import { Icon } from './Icon'

// Due says when something must be done, or (until) is taken away, whichever is sooner: in words and with a sign, never
// by colour alone.
export function Due({ due, until, opened, now }: { due?: string; until?: string; opened: string; now: number }) {
  const goes = until !== undefined && (due === undefined || Date.parse(until) < Date.parse(due))
  const at = goes ? until : due
  if (!at) return <span className="due none">{ago(opened, now)}</span>
  const left = Date.parse(at) - now
  const late = left < 0
  const kind = late && !goes ? 'due late' : left < 30 * 60_000 ? 'due soon' : 'due'
  const says = goes ? (late ? 'until.now' : 'until.left') : late ? 'due.late' : 'due.left'
  return (
    <time className={kind} dateTime={at}>
      <Icon name={late && !goes ? 'late' : 'clock'} size={17} />
      {t(says, { span: span(Math.abs(left)) })}
    </time>
  )
}
