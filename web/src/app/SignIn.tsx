import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { api, ok, openedBy, type Problem } from '../api/client'
import { self } from '../api/queries'
import { languages, choose, language, t } from '../texts/text'
import { Heading } from '../ui/Heading'
import { announce } from '../ui/announce'
import './signin.css'

// SignIn takes a one-time link. It is taken by the page and not by its address alone: programs that look at links
// before people do would use it up.
export function SignIn() {
  const { token } = useParams({ from: '/sign-in/{-$token}' })
  const [trouble, setTrouble] = useState('')
  const [pasted, setPasted] = useState('')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const router = useRouter()
  const taken = useRef('')

  useEffect(() => {
    if (token) void take(token)
  }, [token])

  async function take(secret: string) {
    if (taken.current === secret) return
    taken.current = secret
    try {
      const { me } = await ok(api.POST('/api/v1/sign-in', { body: { token: secret } }))
      queries.clear()
      openedBy(me)
      queries.setQueryData(['me'], me)
      const to = new URLSearchParams(location.search).get('to')
      if (to?.startsWith('/') && !to.startsWith('//')) router.history.replace(to)
      else await navigate({ to: '/', replace: true })
    } catch (error) {
      taken.current = ''
      if ((error as Problem).code === 'link-spent' && await inAlready()) return
      setTrouble((error as Error).message)
    }
  }

  // inAlready leads on whoever opens his link again and is signed in by it still.
  async function inAlready(): Promise<boolean> {
    const me = await queries.fetchQuery({ ...self, retry: false }).catch(() => undefined)
    if (!me) return false
    await navigate({ to: '/', replace: true })
    announce(t('signin.already', { name: me.name }))
    return true
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    void take(pasted.trim().split('/').pop() ?? '')
  }

  return (
    <main className="signin">
      <div className="card">
        <p className="brand"><img src="/icon.svg" alt="" width="40" height="40" /> 規程</p>
        {token && !trouble ? (
          <p role="status">{t('signin.busy')}</p>
        ) : (
          <form onSubmit={submit}>
            <Heading>{t('signin.title')}</Heading>
            <p>{t('signin.how')}</p>
            {trouble && <p className="note bad" role="alert">{trouble}</p>}
            <label htmlFor="link">{t('signin.link')}</label>
            <input id="link" value={pasted} onChange={(e) => setPasted(e.target.value)} autoComplete="off" required />
            <button className="button primary wide">{t('signin.do')}</button>
          </form>
        )}
        <p className="languages">
          {languages.map(([id, name]) => (
            <button key={id} lang={id} className="link" aria-pressed={id === language()} onClick={() => choose(id)}>
              {name}
            </button>
          ))}
        </p>
      </div>
    </main>
  )
}
