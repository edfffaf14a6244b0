import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useRouter } from '@tanstack/react-router'
import { api, ok, Problem, type Schemas } from '../api/client'
import { useOffice, usePostTitle } from '../api/queries'
import { useCaseLive } from '../app/live'
import { Missing } from '../app/Trouble'
import { listed, t } from '../texts/text'
import { mayDo } from '../ui/ActList'
import { Due } from '../ui/Due'
import { Facts } from '../ui/Facts'
import { Icon } from '../ui/Icon'
import { moment, useNow } from '../ui/time'
import { Attachments } from './Attachments'
import { CaseActs } from './CaseActs'
import { Diagram } from './Diagram'
import { Messages } from './Messages'
import { Papers } from './Papers'
import { RowActs } from './RowActs'
import { Sayings } from './Sayings'
import { Story } from './Story'
import { Urge } from './Urge'
import '../task/task.css'
import './case.css'

export type Case = Schemas['CaseView']

// CasePage is one case: where it stands, who has it, its data, and how it came to this.
export function CasePage() {
  const { id } = useParams({ from: '/inside/cases/$id' })
  const query = useQuery({
    queryKey: ['case', id],
    queryFn: () => ok(api.GET('/api/v1/cases/{id}', { params: { path: { id } } })),
    refetchInterval: 60_000, // what time alone brings is told to nobody
  })
  if (query.isPending) return <main id="main"><p className="empty" role="status">{t('loading')}</p></main>
  const cut = query.error instanceof Problem && query.error.status === 0 // what was read stays while the network is away
  if (query.isError && !(cut && query.data)) return <Missing error={query.error} gone={'trouble.no.case'} />
  return <View view={query.data!} />
}

function View({ view }: { view: Case }) {
  useCaseLive(view.id)
  const router = useRouter()
  const zone = useOffice().zone
  const acts = view.acts ?? []
  return (
    <main id="main" className="work">
      <header className="top">
        <button type="button" className="back" aria-label={t('back')} onClick={() => router.history.back()}><Icon name="back" /></button>
        <div>
          <h1 tabIndex={-1}><span className="number">{view.number}</span> {view.title}</h1>
          {view.subject && <p className="about">{view.subject}</p>}
          <p className="soft">
            {view.starter_name && <>{t('case.by', { name: view.starter_name })} · </>}{moment(view.started, zone)}
          </p>
        </div>
        <span className={view.status === 'running' ? 'tag mine' : 'tag'}>{view.outcome_title || t(`status.${view.status}`)}</span>
      </header>
      <div className="columns">
        <div className="doing">
          <Standing view={view} />
          <section className="card box"><h2>{t('case.diagram')}</h2><Diagram id={view.id} /></section>
          <section className="card box"><h2>{t('case.data')}</h2><Facts list={view.data ?? []} /></section>
          <section className="card box"><h2>{t('case.story')}</h2><Story id={view.id} /></section>
        </div>
        <aside className="beside">
          <CaseActs id={view.id} acts={acts} title={t('acts')} elsewhere={['urge']} />
          <RowActs view={view} acts={acts} />
          <Messages view={view} acts={acts} />
          <Papers view={view} />
          <Attachments view={view} />
          <section className="card box"><h2>{t('case.comments')}</h2><Sayings id={view.id} may={mayDo(acts, 'comment')} /></section>
        </aside>
      </div>
    </main>
  )
}

// Standing says who has the case now, and lets one urge them.
function Standing({ view }: { view: Case }) {
  const now = useNow()
  const title = usePostTitle()
  const open = view.open ?? []
  const waits = view.waits ?? []
  if (open.length + waits.length + (view.incidents ?? []).length === 0) return null
  return (
    <section className="card box standing">
      <h2>{t('case.now')}</h2>
      <ul>
        {open.map((task) => (
          <li key={task.id}>
            <span><b>{task.title}</b>{task.row && <> {t('task.row', { n: task.row })}</>}
              <small className="soft"> {task.holder_name ?? listed((task.posts ?? []).map(title))}</small></span>
            <Due due={task.due} until={task.until} opened={task.opened} now={now} />
            {task.may_open && (
              <Link className="button quiet small" to="/tasks/$id" params={{ id: task.id }}>{t('open')}<span className="hidden"> {task.title}</span></Link>
            )}
          </li>
        ))}
        {waits.map((w) => <li key={w}><span><b>{w}</b> <small className="soft">{t('case.waits')}</small></span></li>)}
        {(view.incidents ?? []).map((i) => <li key={i.act} className="note bad">{i.message}</li>)}
      </ul>
      {mayDo(view.acts, 'urge') && <Urge id={view.id} />}
    </section>
  )
}
