import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { t } from '../texts/text'

// typing: a key that is pressed in a field is a letter, no shortcut.
export function typing(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement
  return event.altKey || event.ctrlKey || event.metaKey || at.isContentEditable
    || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)
}

export function useKeys(keys: Record<string, () => void>) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || typing(event) || document.querySelector('dialog[open]')) return
      const act = keys[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })
}

// useDoneKey does what a form is for by Ctrl and Enter, also from within a field.
export function useDoneKey(done: () => void) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || document.querySelector('dialog[open]')) return
      event.preventDefault()
      done()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })
}

export function useShortcuts() {
  const navigate = useNavigate()
  useKeys({
    i: () => void navigate({ to: '/' }),
    n: () => void navigate({ to: '/start' }),
    c: () => void navigate({ to: '/cases' }),
    r: () => void navigate({ to: '/registers' }),
    '/': () => document.querySelector<HTMLElement>('input[type=search]')?.focus(),
    '?': () => document.querySelector<HTMLDialogElement>('#keys')?.showModal(),
  })
}

export function Help() {
  const keys = [
    ['i', t('nav.inbox')], ['n', t('nav.start')], ['c', t('nav.cases')], ['r', t('nav.registers')],
    ['/', t('keys.search')],
    ['j / k', t('keys.move')], ['Enter', t('keys.open')], ['Ctrl + Enter', t('keys.complete')],
    ['u', t('keys.back')], ['?', t('keys.help')],
  ]
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">{t('keys.title')}</h2>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>
        ))}
      </dl>
      <form method="dialog"><button className="button">{t('close')}</button></form>
    </dialog>
  )
}
