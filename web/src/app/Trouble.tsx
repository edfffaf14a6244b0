import { Link, useRouter } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { Problem } from '../api/client'
import { t, type Key } from '../texts/text'
import { look, useCut, whenBack } from './line'
import { Heading } from '../ui/Heading'
import './trouble.css'

// Trouble says what went wrong, in the API's own words where it has some; what did not come for want of a line comes by
// itself when there is one again.
export function Trouble({ error }: { error: unknown }) {
  const router = useRouter()
  const broken = !(error instanceof Problem)
  const again = () => (broken ? location.reload() : void router.invalidate())
  useEffect(() => {
    if (broken) void look() // a part of the page that does not come is no news of the page
    return whenBack(again)
  }, [broken])
  return (
    <main className="trouble" role="alert">
      <What error={error} />
      <p className="row">
        <button className="button" onClick={again}>{t('again')}</button>
        <Link className="button quiet" to="/">{t('nav.inbox')}</Link>
      </p>
    </main>
  )
}

// statusOf is what the API answered; 0 nothing at all, none where the page itself is at fault.
const statusOf = (error: unknown) => (error instanceof Problem ? error.status : undefined)

function What({ error, title }: { error: unknown; title?: Key }) {
  const cut = useCut()
  const status = statusOf(error) ?? (cut ? 0 : undefined)
  const said = title ? t(title) : error instanceof Problem && error.title || t('trouble.refused')
  return (
    <>
      <Heading>
        {status === undefined ? t('trouble.broken') : status === 0 ? t('trouble.unreachable') : said}
      </Heading>
      <p>{status ? (error as Problem).message : t(status === 0 ? 'trouble.cut' : 'trouble.broken.hint')}</p>
    </>
  )
}

// Missing says in the place of a view why it cannot be shown, and gives a way on. gone is what it says of what is not
// there, or not there for the reader.
export function Missing({ error, gone, children }: { error: unknown; gone: Key; children?: ReactNode }) {
  const of = error instanceof Problem && error.args.case
  return (
    <main id="main" className="empty">
      <What error={error} title={statusOf(error) === 404 ? gone : undefined} />
      {children ?? <Link className="button" to="/">{t('nav.inbox')}</Link>}
      {of && <> <Link className="button" to="/cases/$id" params={{ id: of }}>{t('trouble.of.case')}</Link></>}
    </main>
  )
}

// NotFound is what stands at an address that is none.
export function NotFound() {
  return (
    <main id="main" className="empty">
      <Heading>{t('trouble.no.page')}</Heading>
      <Link className="button" to="/">{t('nav.inbox')}</Link>
    </main>
  )
}

// Cut says that there is no line to the server, for as long as there is none.
export function Cut() {
  const cut = useCut()
  return <p className={cut ? 'cut' : 'hidden'} role="status">{cut && t('trouble.cut.now')}</p>
}
