import { Link } from '@tanstack/react-router'
import { useMe, useOffice } from '../api/queries'
import { t } from '../texts/text'
import { Due } from '../ui/Due'
import type { TaskLine } from './query'

export function TaskRow({ task, now, index, gone }: { task: TaskLine; now: number; index: number; gone: boolean }) {
  const me = useMe()
  const procedure = useOffice().procedures?.find((p) => p.id === task.procedure)?.title ?? task.procedure
  const overdue = task.due !== undefined && Date.parse(task.due) < now
  const content = (
    <>
      <span className="what">
        <b>{task.title}</b>
        {task.row && <small className="tag">{t('task.row', { n: task.row })}</small>}
        {(task.priority ?? 0) > 0 && <small className="tag strong">{t('task.urgent')}</small>}
        {task.for && <small className="tag">{t('task.for', { name: task.for_name ?? task.for })}</small>}
        {gone ? <small className="tag">{t('task.gone')}</small>
          : task.holder === me.id ? <small className="tag mine">{t('task.mine')}</small>
          : task.holder && <small className="tag">{task.holder_name}</small>}
      </span>
      <span className="where"><span className="number">{task.number}</span> {procedure}</span>
      <Due due={task.due} opened={task.opened} now={now} />
    </>
  )
  const look = `task${overdue ? ' late' : ''}${gone ? ' gone' : ''}`
  if (gone) return <div className={look} aria-disabled="true">{content}</div>
  return <Link className={look} to="/tasks/$id" params={{ id: task.id }} data-index={index}>{content}</Link>
}
