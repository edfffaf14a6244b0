import { useInfiniteQuery } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../api/client'
import { useOffice } from '../api/queries'
import { t } from '../texts/text'
import { More } from '../ui/More'
import { moment } from '../ui/time'
import './story.css'

const pages = (id: string) => ({
  queryKey: ['case', id, 'history'],
  queryFn: ({ pageParam }: { pageParam: number }) =>
    ok(api.GET('/api/v1/cases/{id}/history', { params: { path: { id }, query: { after: pageParam, limit: 100 } } })),
  initialPageParam: 0,
  getNextPageParam: (page: Schemas['History']) => page.next || undefined,
})

// Story tells what happened in a case, oldest first, and why each choice went as it did.
export function Story({ id }: { id: string }) {
  const query = useInfiniteQuery(pages(id))
  const zone = useOffice().zone
  const events = (query.data?.pages ?? []).flatMap((p) => p.events ?? [])
  if (query.isPending) return <p role="status">{t('loading')}</p>
  if (query.isError) return <p className="note bad">{query.error.message}</p>
  return (
    <>
      <ol className="story">
        {events.map((e) => (
          <li key={e.seq}>
            <time dateTime={e.at}>{moment(e.at, zone)}</time>
            <p>{e.text}</p>
            {(e.why ?? []).length > 0 && <Why list={e.why!} />}
          </li>
        ))}
      </ol>
      <More of={query} small />
    </>
  )
}

function Why({ list }: { list: Schemas['WhyView'][] }) {
  return (
    <details className="why">
      <summary>{t('why')}</summary>
      <ul>
        {list.map((w, i) => (
          <li key={i}>
            <span className={w.result ? 'tag mine' : 'tag'}>{t(w.result ? 'why.held' : 'why.not')}</span>{' '}
            <span title={w.guard}>{w.said}</span>{w.to && <> → {w.to}</>}
            {(w.values ?? []).map((v) => (
              <span key={v.title} className="read">{v.title} = <b>{v.text}</b></span>
            ))}
          </li>
        ))}
      </ul>
    </details>
  )
}
