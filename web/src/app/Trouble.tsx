import { Link } from '@tanstack/react-router'
import { Problem } from '../api/client'
import { t } from '../texts/text'
import './trouble.css'

// Trouble says what went wrong, in the API's own words where it has some.
export function Trouble({ error, reset }: { error: unknown; reset?: () => void }) {
  const refused = error instanceof Problem && error.status !== 0
  return (
    <main className="trouble" role="alert">
      <h1>{t(refused ? 'trouble.refused' : 'trouble.unreachable')}</h1>
      <p>{refused ? error.message : t('trouble.unreachable.hint')}</p>
      <p className="row">
        {reset && <button className="button" onClick={reset}>{t('again')}</button>}
        <Link className="button quiet" to="/">{t('nav.inbox')}</Link>
      </p>
    </main>
  )
}

export function NotFound() {
  return (
    <main className="trouble">
      <h1>{t('trouble.no.page')}</h1>
      <Link className="button" to="/">{t('nav.inbox')}</Link>
    </main>
  )
}
