import { useRouter } from '@tanstack/react-router'
import { memo } from 'react'
import { t } from '../texts/text'
import { Due } from '../ui/Due'
import { rowOf } from '../ui/row'
import type { TaskLine } from './query'

// TaskRow is drawn by the dozen while one scrolls: its link is a plain one, for the router's own works out each address
// anew each time.
export const TaskRow = memo(function TaskRow({ task, procedure, me, now, index, gone }: {
  task: TaskLine; procedure: string; me: string; now: number; index: number; gone: boolean
}) {
  const router = useRouter()
  const overdue = task.due !== undefined && Date.parse(task.due) < now
  const content = (
    <>
      <span className="what">
        <b>{task.title}</b>
        {task.row && <small className="tag">{rowOf(task)}</small>}
        {(task.priority ?? 0) > 0 && <small className="tag strong">{t('task.urgent')}</small>}
        {task.for && <small className="tag">{t('task.for', { name: task.for_name ?? task.for })}</small>}
        {gone ? <small className="tag">{t('task.gone')}</small>
          : task.holder === me ? <small className="tag mine">{t('task.mine')}</small>
          : task.holder && <small className="tag">{task.holder_name}</small>}
      </span>
      <span className="where">
        <span className="number">{task.number}</span>{' '}
        {task.subject && <span className="about">{task.subject}</span>} <span className="procedure">{procedure}</span>
      </span>
      <Due due={task.due} until={task.until} opened={task.opened} now={now} />
    </>
  )
  const look = `task${overdue ? ' late' : ''}${gone ? ' gone' : ''}`
  if (gone) return <div className={look} aria-disabled="true">{content}</div>
  const to = { to: '/tasks/$id', params: { id: task.id } } as const
  return (
    <a className={look} href={`/tasks/${encodeURIComponent(task.id)}`} data-index={index}
      onPointerEnter={() => void router.preloadRoute(to)} onFocus={() => void router.preloadRoute(to)}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        void router.navigate(to)
      }}>{content}</a>
  )
})
