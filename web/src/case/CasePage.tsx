import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Problem, type Schemas } from '../api/client'
import { useMe, useOffice, usePostTitle } from '../api/queries'
import { useCaseLive } from '../app/live'
import { Missing } from '../app/Trouble'
import { listed, t } from '../texts/text'
import { mayDo } from '../ui/ActList'
import { Back } from '../ui/Back'
import { Box } from '../ui/Box'
import { Due } from '../ui/Due'
import { Facts } from '../ui/Facts'
import { Heading } from '../ui/Heading'
import { rowOf } from '../ui/row'
import { moment, useNow } from '../ui/time'
import { Attachments } from './Attachments'
import { Called } from './Called'
import { CaseActs } from './CaseActs'
import { Diagram } from './Diagram'
import { Messages } from './Messages'
import { Papers } from './Papers'
import { oneCase } from './query'
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
  const query = useQuery({ ...oneCase(id), refetchInterval: 60_000 }) // what time alone brings is told to nobody
  if (query.isPending) return <main id="main"><p className="empty" role="status">{t('loading')}</p></main>
  const cut = query.error instanceof Problem && query.error.status === 0 // what was read stays meanwhile
  if (query.isError && !(cut && query.data)) return <Missing error={query.error} gone={'trouble.no.case'} />
  return <View view={query.data!} />
}

function View({ view }: { view: Case }) {
  useCaseLive(view.id)
  const zone = useOffice().zone
  const acts = view.acts ?? []
  const data = <Box title={t('case.data')}><Facts list={view.data ?? []} /></Box>
  return (
    <main id="main" className="work case">
      <header className="top">
        <Back />
        <div>
          <Heading><span className="number">{view.number}</span> {view.title}</Heading>
          {view.subject && <p className="about">{view.subject}</p>}
          <p className="soft">
            {view.starter_name && <>{t('case.by', { name: view.starter_name })} · </>}
            <span className="number">{moment(view.started, zone)}</span>
          </p>
          {view.parent && view.parent_number && (
            <Link to="/cases/$id" params={{ id: view.parent }}>{t('case.from', { number: view.parent_number })}</Link>
          )}
        </div>
        <span className={view.status === 'running' ? 'tag mine' : 'tag'}>
          {view.outcome_title || t(`status.${view.status}`)}
        </span>
      </header>
      <div className="columns">
        <div className="doing">{stands(view) ? <Standing view={view} /> : data}</div>
        <div className="beside">
          <RowActs view={view} acts={acts} />
          <Messages view={view} acts={acts} />
          <CaseActs id={view.id} acts={acts} title={t('acts')} elsewhere={['urge']} />
        </div>
      </div>
      <Box look="picture" title={t('case.diagram')}><Diagram id={view.id} /></Box>
      <div className="columns">
        <div className="doing">
          {stands(view) && data}
          <Box title={t('case.story')}><Story id={view.id} /></Box>
        </div>
        <aside className="beside">
          <Papers view={view} />
          <Attachments view={view} />
          <Box title={t('case.comments')}><Sayings id={view.id} may={mayDo(acts, 'comment')} /></Box>
        </aside>
      </div>
    </main>
  )
}

// stands tells whether somebody or something has the case now.
const stands = ({ open, waits, incidents }: Case) =>
  [open, waits, incidents].some((list) => (list ?? []).length > 0)

const soonest = (task: Schemas['TaskLine']) =>
  Math.min(...[task.due, task.until].map((at) => (at ? Date.parse(at) : Number.MAX_VALUE)))

// first is the task that whoever looks goes on with: what he holds before what nobody does, the soonest of them.
function first(open: Schemas['TaskLine'][], me: string) {
  const free = (task: Schemas['TaskLine']) => Number(task.holder !== me)
  return open.filter((task) => task.yours && !task.held && (!task.holder || task.holder === me))
    .sort((a, b) => free(a) - free(b) || soonest(a) - soonest(b))[0]
}

// Standing says who has the case now, and lets one urge them.
function Standing({ view }: { view: Case }) {
  const now = useNow()
  const title = usePostTitle()
  const open = view.open ?? []
  const next = first(open, useMe().id)
  const waits = view.waits ?? []
  return (
    <Box look="standing" title={t('case.now')}>
      <ul>
        {open.map((task) => (
          <li key={task.id}>
            <span><b>{task.title}</b>{task.row && <> {rowOf(task)}</>}
              <small className="soft"> {task.holder_name ?? listed((task.posts ?? []).map(title))}</small></span>
            <Due due={task.due} until={task.until} opened={task.opened} now={now} />
            {task.may_open && (
              <Link className={`button small ${task === next ? 'primary' : 'quiet'}`}
                to="/tasks/$id" params={{ id: task.id }}>
                {t('open')}<span className="hidden"> {task.title}</span>
              </Link>
            )}
          </li>
        ))}
        {waits.map((w) => <li key={w}><span><b>{w}</b> <small className="soft">{t('case.waits')}</small></span></li>)}
        <Called list={view.called ?? []} />
        {(view.incidents ?? []).map((i) => (
          <li key={i.act} className="note bad"><span><b>{i.title}</b> {i.text}</span></li>
        ))}
      </ul>
      {mayDo(view.acts, 'urge') && <Urge id={view.id} />}
    </Box>
  )
}
