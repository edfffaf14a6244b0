import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useMe, useOffice, usePostTitle } from '../api/queries'
import { copies } from '../copies/query'
import { showArrived, useArrived, useGone } from '../app/live'
import { useKeys } from '../app/shortcuts'
import type { InboxFilter } from '../router'
import { t } from '../texts/text'
import { Heading } from '../ui/Heading'
import { Icon } from '../ui/Icon'
import { useNow } from '../ui/time'
import { counts, inboxPages, type TaskLine } from './query'
import { TaskRow } from './TaskRow'
import './inbox.css'

// Inbox is what waits for one: one's own tasks and those of one's posts, the soonest due first.
export function Inbox() {
  const filter = useSearch({ from: '/inside/' })
  return (
    <main id="main" className="inbox">
      <header className="head">
        <Heading>{t('nav.inbox')}</Heading>
        <Search filter={filter} />
      </header>
      <Filters filter={filter} />
      <List filter={filter} />
    </main>
  )
}

function Search({ filter }: { filter: InboxFilter }) {
  const [text, setText] = useState(filter.find ?? '')
  const navigate = useNavigate()
  useEffect(() => setText(filter.find ?? ''), [filter.find])
  useEffect(() => {
    if (text === (filter.find ?? '')) return
    const timer = setTimeout(() => {
      void navigate({ to: '/', search: { ...filter, find: text || undefined }, replace: true })
    }, 250)
    return () => clearTimeout(timer)
  }, [text, filter, navigate])
  return (
    <div className="search" role="search">
      <Icon name="search" size={18} />
      <input type="search" value={text} onChange={(e) => setText(e.target.value)} placeholder={t('inbox.search')}
        aria-label={t('inbox.search')} />
    </div>
  )
}

function Filters({ filter }: { filter: InboxFilter }) {
  const me = useMe()
  const title = usePostTitle()
  const procedures = useOffice().procedures ?? []
  const count = useQuery(counts).data ?? {}
  const navigate = useNavigate()
  const kept = { find: filter.find, procedure: filter.procedure }
  const chips: { name: string; n?: number; search: InboxFilter; on: boolean }[] = [
    { name: t('inbox.all'), search: kept, on: !filter.post && !filter.mine && !filter.team },
    { name: t('inbox.mine'), n: count.mine, search: { ...kept, mine: true }, on: filter.mine === true },
    ...(me.posts ?? []).map((id) => ({
      name: title(id), n: count[id], search: { ...kept, post: id }, on: filter.post === id,
    })),
    { name: t('inbox.team'), search: { ...kept, team: true }, on: filter.team === true },
  ]
  return (
    <div className="filters">
      <nav aria-label={t('inbox.filters')}>
        {chips.map((chip) => (
          <Link key={chip.name} className="chip" to="/" search={chip.search} aria-current={chip.on ? 'true' : undefined}
            activeProps={{}} activeOptions={{ exact: true, includeSearch: true }}>
            {chip.name} {chip.n !== undefined && <b>{chip.n >= 1000 ? '999+' : chip.n}</b>}
          </Link>
        ))}
        <CopiesLink />
      </nav>
      <select aria-label={t('inbox.procedure')} value={filter.procedure ?? ''}
        onChange={(e) => void navigate({ to: '/', search: { ...filter, procedure: e.target.value || undefined } })}>
        <option value="">{t('inbox.procedures')}</option>
        {procedures.map((p) => <option key={p.id} value={p.id}>{p.title}</option>)}
      </select>
    </div>
  )
}

// CopiesLink leads to what was sent to one for information, and says how much of it is new.
function CopiesLink() {
  const query = useInfiniteQuery(copies)
  const pages = query.data?.pages ?? []
  const fresh = pages.flatMap((p) => p.copies ?? []).filter((c) => !c.read).length
  return (
    <Link className="chip" to="/copies">
      {t('copies')} {fresh > 0 && <b>{fresh}{query.hasNextPage && '+'}</b>}
    </Link>
  )
}

function List({ filter }: { filter: InboxFilter }) {
  const query = useInfiniteQuery({ ...inboxPages(filter), placeholderData: keepPreviousData })
  const tasks = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.tasks ?? []), [query.data])
  if (query.isError) return <p className="note bad" role="alert">{query.error.message}</p>
  if (query.isPending) return <p className="empty" role="status">{t('loading')}</p>
  if (tasks.length === 0) return <Nothing filtered={Object.values(filter).some(Boolean)} />
  return (
    <>
      <Arrived />
      <Rows tasks={tasks} more={query.hasNextPage && !query.isFetchingNextPage}
        fetchMore={() => void query.fetchNextPage()} />
    </>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <div className="empty">
      <Icon name="check" size={40} />
      <p>{t(filtered ? 'inbox.none.filtered' : 'inbox.none')}</p>
      {filtered
        ? <Link className="button quiet" to="/" search={{}}>{t('inbox.clear')}</Link>
        : <Link className="button quiet" to="/start">{t('nav.start')}</Link>}
    </div>
  )
}

// Arrived offers what has come while one was further down; the list itself stays where it is.
function Arrived() {
  const n = useArrived()
  const queries = useQueryClient()
  if (n === 0) return null
  return (
    <button className="arrived" onClick={() => {
      window.scrollTo({ top: 0 })
      showArrived(queries)
    }}>{t('inbox.arrived', { n })}</button>
  )
}

// useHeight is the height of a row as inbox.css has it: a telephone's has one line more.
const telephone = matchMedia('(max-width: 760px)')
function useHeight(): number {
  return useSyncExternalStore((turned) => {
    telephone.addEventListener('change', turned)
    return () => telephone.removeEventListener('change', turned)
  }, () => (telephone.matches ? 100 : 80))
}

function Rows({ tasks, more, fetchMore }: { tasks: TaskLine[]; more: boolean; fetchMore: () => void }) {
  const box = useRef<HTMLUListElement>(null)
  const now = useNow()
  const gone = useGone()
  const me = useMe().id
  const procedures = useOffice().procedures
  const titles = useMemo(() => new Map((procedures ?? []).map((p) => [p.id, p.title])), [procedures])
  const key = useCallback((i: number) => tasks[i]!.id, [tasks]) // a new one would measure all rows anew
  const height = useHeight()
  const rows = useWindowVirtualizer({
    count: tasks.length, estimateSize: () => height, overscan: 8, getItemKey: key,
    scrollMargin: box.current?.offsetTop ?? 0,
  })
  useEffect(() => rows.measure(), [rows, height])
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last > tasks.length - 60) fetchMore()
  }, [more, last, tasks.length, fetchMore])
  const move = useMoves(box, tasks.length, (i) => rows.scrollToIndex(i))
  return (
    <ul ref={box} className="tasks" style={{ height: rows.getTotalSize() }} onFocus={move.focused}>
      {items.map((item) => {
        const task = tasks[item.index]!
        return (
          <li key={item.key} style={{ top: item.start - rows.options.scrollMargin }}
            aria-setsize={tasks.length} aria-posinset={item.index + 1}>
            <TaskRow task={task} procedure={titles.get(task.procedure) ?? task.procedure} me={me} now={now}
              index={item.index} gone={gone.has(task.id)} />
          </li>
        )
      })}
    </ul>
  )
}

// useMoves lets j and k go through the list, as the arrows do.
function useMoves(box: React.RefObject<HTMLUListElement | null>, count: number, show: (i: number) => void) {
  const at = useRef(-1)
  function go(by: number) {
    const to = Math.max(0, Math.min(count - 1, at.current + by))
    show(to)
    requestAnimationFrame(() => {
      box.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus({ preventScroll: true })
    })
    at.current = to
  }
  useKeys({ j: () => go(1), k: () => go(-1), ArrowDown: () => go(1), ArrowUp: () => go(-1) })
  return {
    focused: (event: React.FocusEvent) => {
      const index = (event.target as HTMLElement).dataset.index
      if (index) at.current = Number(index)
    },
  }
}
