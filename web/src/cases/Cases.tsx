import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, ok, type Schemas } from '../api/client'
import { useMe, useOffice, usePostTitle } from '../api/queries'
import { Called } from '../case/Called'
import { Ask } from '../case/dialogs'
import { Urge } from '../case/Urge'
import { listed, t } from '../texts/text'
import { mayDo } from '../ui/ActList'
import { Due } from '../ui/Due'
import { Heading } from '../ui/Heading'
import { More } from '../ui/More'
import { rowOf } from '../ui/row'
import { moment, useNow } from '../ui/time'
import './cases.css'

type Line = Schemas['CaseLine']

const states = ['running', 'finished', 'cancelled', 'suspended'] as const

// Cases are those that one has started: where each stands, and how it ended.
export function Cases() {
  const me = useMe()
  const now = useNow()
  const [revoked, setRevoked] = useState<Line>()
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
        <Heading>{t('nav.cases')}</Heading>
        <select aria-label={t('case.status')} value={status ?? ''}
          onChange={(e) => void navigate({ to: '/cases', search: { ...search, status: e.target.value || undefined } })}>
          <option value="">{t('case.any')}</option>
          {states.map((s) => <option key={s} value={s}>{t(`status.${s}`)}</option>)}
        </select>
      </header>
      {query.isError && <p className="note bad">{query.error.message}</p>}
      {query.isSuccess && list.length === 0 && <p className="empty">{t('cases.none')}</p>}
      <ul>
        {list.map((c) => <One key={c.id} line={c} now={now} revoke={() => setRevoked(c)} />)}
      </ul>
      <More of={query} />
      {revoked && (
        <Ask id={revoked.id} asked={{ act: 'revoke', title: t('act.revoke') }} close={() => setRevoked(undefined)} />
      )}
    </main>
  )
}

// One is a case: what it is about, where it stands and who has it, and what its starter may do.
function One({ line, now, revoke }: { line: Line; now: number; revoke: () => void }) {
  const zone = useOffice().zone
  const title = usePostTitle()
  const open = line.open ?? []
  const running = line.status === 'running'
  return (
    <li className="card">
      <div className="head">
        <Link to="/cases/$id" params={{ id: line.id }}>
          <small className="soft">
            <span className="number">{line.number}</span>{line.subject && <> {line.title}</>}
          </small>
          <b>{line.subject || line.title}</b>
        </Link>
        <span className={running ? 'tag mine' : 'tag'}>{line.outcome_title || t(`status.${line.status}`)}</span>
      </div>
      {running && (
        <ul className="where" aria-label={t('case.now')}>
          {open.map((task) => (
            <li key={task.id}>
              <span><b>{task.title}</b>{task.row && <> {rowOf(task)}</>}{' '}
                <span className="soft">{task.holder_name ?? listed((task.posts ?? []).map(title))}</span></span>
              <Due due={task.due} until={task.until} opened={task.opened} now={now} />
            </li>
          ))}
          {(line.waits ?? []).map((w) => (
            <li key={w}><span><b>{w}</b> <span className="soft">{t('case.waits')}</span></span></li>
          ))}
          <Called list={line.called ?? []} />
          {(line.more ?? 0) > 0 && <li className="soft">{t('cases.more', { n: line.more! })}</li>}
        </ul>
      )}
      <div className="row foot">
        <small className="soft">
          {t('cases.began', { at: moment(line.started, zone) })}
          {line.ended && <> · {t('cases.ended', { at: moment(line.ended, zone) })}</>}
        </small>
        {mayDo(line.acts, 'urge') && <Urge id={line.id} of={line.number} />}
        {mayDo(line.acts, 'revoke') && (
          <button className="button quiet small" aria-haspopup="dialog" onClick={revoke}>
            {t('act.revoke')}<span className="hidden"> {line.number}</span>
          </button>
        )}
      </div>
    </li>
  )
}
