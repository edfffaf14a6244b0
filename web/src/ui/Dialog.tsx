import { useEffect, useRef, type ReactNode } from 'react'
import { t } from '../texts/text'
import { Icon } from './Icon'
import './dialog.css'

// Dialog asks for something before an act. The browser keeps the focus in it, and Escape closes it.
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => box.current?.showModal(), [])
  return (
    <dialog ref={box} className="ask" aria-label={title} onClose={close}>
      <header><h2>{title}</h2>
        <button type="button" className="close" aria-label={t('close')} onClick={close}><Icon name="close" /></button>
      </header>
      {children}
    </dialog>
  )
}
