import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, ok, type Schemas } from '../api/client'
import { useOffice } from '../api/queries'
import { t } from '../texts/text'
import { Heading } from '../ui/Heading'
import { Icon } from '../ui/Icon'
import { More } from '../ui/More'
import { paper } from '../ui/paper'
import { moment } from '../ui/time'
import { copies } from './query'
import '../task/task.css'
import './copies.css'

type Copy = Schemas['CopyLine']

// Copies are documents and cases that were sent to one to know of, and those who wait for one.
export function Copies() {
  const queries = useQueryClient()
  const query = useInfiniteQuery(copies)
  const list = (query.data?.pages ?? []).flatMap((p) => p.copies ?? [])
  async function read(copy: Copy) {
    if (copy.read) return
    await ok(api.POST('/api/v1/copies/{id}/read', { params: { path: { id: copy.id } } })).catch(() => undefined)
    await queries.invalidateQueries({ queryKey: ['copies'] })
  }
  return (
    <main id="main" className="copies">
      <header className="top">
        <Link className="back" to="/" aria-label={t('keys.back')}><Icon name="back" /></Link>
        <Heading>{t('copies')}</Heading>
      </header>
      {query.isPending && <p className="empty" role="status">{t('loading')}</p>}
      {query.isError && <p className="note bad" role="alert">{query.error.message}</p>}
      {query.isSuccess && list.length === 0 && <p className="empty">{t('copies.none')}</p>}
      <ul>
        {list.map((c) => <li key={c.id}><One copy={c} read={() => void read(c)} /></li>)}
      </ul>
      <More of={query} />
    </main>
  )
}

// One opens what was sent: the document by itself, to be printed, or the case.
function One({ copy, read }: { copy: Copy; read: () => void }) {
  const zone = useOffice().zone
  const content = (
    <>
      <span className="what">
        {!copy.read && <span className="tag strong">{t('copies.new')}</span>}
        {copy.kind === 'urge' && <span className="tag">{t('urge')}</span>}
        <b>{copy.title}</b>
      </span>
      {copy.text && <span>{copy.text}</span>}
      <small className="soft">
        <span className="number">{copy.number}</span>{copy.by_name && <> · {copy.by_name}</>} · {moment(copy.at, zone)}
      </small>
    </>
  )
  const look = copy.read ? 'card copy' : 'card copy new'
  if (copy.kind) {
    return <Link className={look} to="/cases/$id" params={{ id: copy.case }} onClick={read}>{content}</Link>
  }
  return (
    <a className={look} target="_blank" rel="noreferrer" onClick={read} href={paper(copy.case, copy)}>{content}</a>
  )
}
