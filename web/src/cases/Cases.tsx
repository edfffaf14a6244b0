import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api, ok } from '../api/client'
import { useMe, useOffice } from '../api/queries'
import { t } from '../texts/text'
import { moment } from '../ui/time'
import './cases.css'

const states = ['running', 'finished', 'cancelled', 'suspended'] as const

// Cases are those that one has started: where each stands, and how it ended.
export function Cases() {
  const me = useMe()
  const zone = useOffice().zone
  const search = useSearch({ from: '/inside/cases' })
  const navigate = useNavigate()
  const status = states.find((s) => s === search.status)
  const query = useInfiniteQuery({
    queryKey: ['cases', me.id, search],
    queryFn: ({ pageParam }) => ok(api.GET('/api/v1/cases', {
      params: { query: { starter: me.id, status, number: search.number, after: pageParam, limit: 50 } },
    })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const list = (query.data?.pages ?? []).flatMap((p) => p.cases ?? [])
  return (
    <main id="main" className="cases">
      <header className="row">
        <h1 tabIndex={-1}>{t('nav.cases')}</h1>
        <select aria-label={t('case.status')} value={status ?? ''}
          onChange={(e) => void navigate({ to: '/cases', search: { ...search, status: e.target.value || undefined } })}>
          <option value="">{t('case.any')}</option>
          {states.map((s) => <option key={s} value={s}>{t(`status.${s}`)}</option>)}
        </select>
      </header>
      {query.isError && <p className="note bad">{query.error.message}</p>}
      {query.isSuccess && list.length === 0 && <p className="empty">{t('cases.none')}</p>}
      <ul>
        {list.map((c) => (
          <li key={c.id}>
            <Link className="card" to="/cases/$id" params={{ id: c.id }}>
              <span><b className="number">{c.number}</b> {c.title}</span>
              <span className={c.status === 'running' ? 'tag mine' : 'tag'}>{t(`status.${c.status as 'running'}`)}</span>
              <small className="soft">{moment(c.started, zone)}</small>
            </Link>
          </li>
        ))}
      </ul>
      {query.hasNextPage && <button className="button quiet" onClick={() => void query.fetchNextPage()}>{t('more')}</button>}
    </main>
  )
}
