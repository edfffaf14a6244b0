import { useEffect, useRef, type ReactNode } from 'react'
import { t } from '../texts/text'

// Heading is the head of a view, and with the number of its case the title of the window: of several windows one finds
// the one that is meant.
export function Heading({ number, children }: { number?: string; children: ReactNode }) {
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const title = [number, head.current?.textContent].filter(Boolean).join(' ')
    document.title = t('window', { title })
  })
  return <h1 tabIndex={-1} ref={head}>{children}</h1>
}
