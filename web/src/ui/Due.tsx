import { t } from '../texts/text'
import { ago, span } from './time'
import { Icon } from './Icon'

// Due says when something must be done: in words and with a sign, never by colour alone.
export function Due({ due, until, opened, now }: { due?: string; until?: string; opened: string; now: number }) {
  const at = due ?? until // until: it is taken away then
  if (!at) return <span className="due none">{ago(opened, now)}</span>
  const left = Date.parse(at) - now
  const late = left < 0
  return (
    <time className={late ? 'due late' : left < 30 * 60_000 ? 'due soon' : 'due'} dateTime={at}>
      <Icon name={late ? 'late' : 'clock'} size={17} />
      {t(late ? 'due.late' : 'due.left', { span: span(Math.abs(left)) })}
    </time>
  )
}
