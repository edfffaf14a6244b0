import type { ReactNode } from 'react'

// Box is a part of a view, with its title.
export function Box({ title, look = '', children }: { title: string; look?: string; children: ReactNode }) {
  return <section className={`card box ${look}`}><h2>{title}</h2>{children}</section>
}
