import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { api, ok } from '../api/client'
import { counts } from '../inbox/query'
import { useMe, useOffice, usePostTitle } from '../api/queries'
import { useLost } from '../api/seat'
import { choose, language, languages, listed, t } from '../texts/text'
import { Icon, type IconName } from '../ui/Icon'
import { Announcer } from '../ui/announce'
import { Cut } from './Trouble'
import { Help, useShortcuts } from './shortcuts'
import { useLive } from './live'
import './shell.css'

const places = [
  ['/', 'inbox', 'nav.inbox'],
  ['/start', 'start', 'nav.start'],
  ['/cases', 'cases', 'nav.cases'],
  ['/registers', 'registers', 'nav.registers'],
] as const satisfies readonly (readonly [string, IconName, string])[]

// Shell is what stands around each view: on a desk at the side, on a telephone below the thumb.
export function Shell() {
  useLive()
  useShortcuts()
  useFocusOnArrival()
  const inbox = useQuery(counts).data
  const open = Object.entries(inbox ?? {}).reduce((sum, [, n]) => sum + n, 0)
  return (
    <div className="shell">
      <a className="skip" href="#main">{t('skip')}</a>
      <nav className="places" aria-label={t('nav')}>
        <p className="brand"><img src="/icon.svg" alt="" width="28" height="28" /> <span>{useOffice().title}</span></p>
        <ul>
          {places.map(([to, icon, title]) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
                <Icon name={icon} /> <span>{t(title)}</span>
                {to === '/' && open > 0 && (
                  <b className="count" aria-label={t('inbox.open', { n: open })}>{capped(open)}</b>
                )}
              </Link>
            </li>
          ))}
        </ul>
        <Account />
      </nav>
      <div className="view"><Cut /><Seat /><Outlet /></div>
      <Announcer />
      <Help />
    </div>
  )
}

// Seat says that whoever opened the page cannot go on with it, and how he could. What he filled in stays where it is.
function Seat() {
  const lost = useLost()
  if (!lost) return null
  const here = encodeURIComponent(location.pathname + location.search)
  return (
    <div className="note bad seat" role="alert">
      <p>{lost.why} {!lost.nobody && t('seat.other')}</p>
      {lost.nobody
        ? <a className="button" href={`/sign-in?to=${here}`}>{t('signin.do')}</a>
        : <a className="button" href="/">{t('seat.go')}</a>}
    </div>
  )
}

const capped = (n: number) => (n >= 1000 ? '999+' : n)

function Account() {
  const me = useMe()
  const title = usePostTitle()
  const posts = listed((me.posts ?? []).map(title)) || (me.admin ? t('admin') : '')
  async function leave() {
    await ok(api.DELETE('/api/v1/session'))
    location.assign('/sign-in')
  }
  const box = useFolding()
  return (
    <details className="account" ref={box}>
      <summary aria-label={t('account', { name: me.name })}>
        <span className="face" aria-hidden="true">{me.name.slice(-1)}</span>
        <span className="who"><b>{me.name}</b><small>{posts}</small></span>
      </summary>
      <div className="menu">
        <p><b>{me.name}</b><br /><small>{posts}</small></p>
        <div className="languages" role="group" aria-label={t('language')}>
          {languages.map(([id, name]) => (
            <button key={id} lang={id} className="link" aria-pressed={id === language()} onClick={() => choose(id)}>
              {name}
            </button>
          ))}
        </div>
        <button className="button quiet" onClick={leave}>{t('signout')}</button>
      </div>
    </details>
  )
}

// useFolding folds what was opened when somebody goes on elsewhere, or presses Escape.
function useFolding() {
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const fold = (event: Event) => {
      const { current } = box
      const escaped = event instanceof KeyboardEvent && event.key === 'Escape'
      if (!current?.open || !escaped && (event.type === 'keydown' || current.contains(event.target as Node))) return
      current.open = false
      if (escaped) current.querySelector('summary')?.focus()
    }
    const kinds = ['pointerdown', 'focusin', 'keydown'] as const
    kinds.forEach((kind) => addEventListener(kind, fold))
    return () => kinds.forEach((kind) => removeEventListener(kind, fold))
  }, [])
  return box
}

// useFocusOnArrival puts the focus on the heading of a view that was opened, as a browser does with a new page.
function useFocusOnArrival() {
  const path = useRouterState({ select: (s) => s.resolvedLocation?.pathname })
  const first = useRef(true)
  useEffect(() => {
    if (first.current) {
      first.current = path === undefined
      return
    }
    document.querySelector<HTMLElement>('h1[tabindex]')?.focus({ preventScroll: true })
  }, [path])
}
