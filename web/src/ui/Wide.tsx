import { useEffect, useRef, useState, type ReactNode } from 'react'
import { t } from '../texts/text'
import { Icon } from './Icon'
import './wide.css'

// Wide is a box whose content may be wider than it: it says so, shades the side on which there is more, and moves there
// by a button, for those who have neither a wheel to the side nor a finger.
export function Wide({ label, look = '', children }: { label: string; look?: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [more, setMore] = useState({ left: false, right: false })
  useEffect(() => {
    const e = box.current!
    const look = () => {
      const now = { left: e.scrollLeft > 1, right: e.scrollLeft + e.clientWidth < e.scrollWidth - 1 }
      setMore((was) => (was.left === now.left && was.right === now.right ? was : now))
    }
    const watch = new ResizeObserver(look)
    watch.observe(e)
    watch.observe(e.firstElementChild!)
    e.addEventListener('scroll', look, { passive: true })
    return () => {
      watch.disconnect()
      e.removeEventListener('scroll', look)
    }
  }, [])
  const go = (by: number) => box.current!.scrollBy({ left: by * box.current!.clientWidth * 0.8 })
  const wide = more.left || more.right
  return (
    <>
      {wide && (
        <div className="row wide">
          <small className="soft">{t('wide')}</small>
          <button type="button" className="button quiet small" disabled={!more.left} aria-label={t('wide.left')}
            onClick={() => go(-1)}><Icon name="back" size={18} /></button>
          <button type="button" className="button quiet small" disabled={!more.right} aria-label={t('wide.right')}
            onClick={() => go(1)}><Icon name="forth" size={18} /></button>
        </div>
      )}
      <div className={`edge${more.left ? ' left' : ''}${more.right ? ' right' : ''}`}>
        <div ref={box} className={`scroll ${look}`} tabIndex={0} role="region" aria-label={label}>{children}</div>
      </div>
    </>
  )
}
