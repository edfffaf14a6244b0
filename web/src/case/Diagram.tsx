import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, ok } from '../api/client'
import { language, t } from '../texts/text'
import './diagram.css'

// Diagram is the procedure as the server draws it, with where the case stands and what it has passed.
export function Diagram({ id }: { id: string }) {
  const narrow = matchMedia('(max-width: 700px)').matches
  const query = useQuery({
    queryKey: ['case', id, 'diagram', narrow],
    queryFn: () => ok(api.GET('/api/v1/cases/{id}/diagram', { params: { path: { id }, query: { narrow } }, parseAs: 'text' })),
  })
  const host = useRef<HTMLDivElement>(null)
  const first = useRef(true)
  const svg = query.data
  useEffect(() => {
    if (!svg || !host.current) return
    show(host.current, svg)
    if (first.current) toTheOpen(host.current)
    first.current = false
  }, [svg])
  if (query.isError) return <p className="note bad">{query.error.message}</p>
  return (
    <>
      <div className="diagram" role="region" aria-label={t('case.diagram')} tabIndex={0}>
        <div ref={host} />
        {query.isPending && <p role="status">{t('loading')}</p>}
      </div>
      <a className="button quiet small" target="_blank" rel="noreferrer"
        href={`/api/v1/cases/${encodeURIComponent(id)}/diagram?lang=${language()}`}>{t('case.diagram.whole')}</a>
    </>
  )
}

// show puts the picture into a shadow of its own: its style concerns nothing else, and comes as a sheet, since the page
// allows no style that stands in a document. The page is light, whatever the system prefers.
function show(host: HTMLElement, text: string) {
  const [, head = '', style = '', rest = ''] = /^(.*?)<style>(.*?)<\/style>(.*)$/s.exec(text) ?? []
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style.replace('(prefers-color-scheme:dark)', 'not all'))
  root.adoptedStyleSheets = [sheet]
  root.replaceChildren(new DOMParser().parseFromString(head + rest, 'image/svg+xml').documentElement)
}

// toTheOpen shows what is under way in the middle of what is seen; of a case that is over, where it ended.
function toTheOpen(host: HTMLElement) {
  const all = (which: string) => [...(host.shadowRoot?.querySelectorAll(which) ?? [])]
  const under = all('.node.late, .node.open')
  const open = (under.length > 0 ? under : all('[id^="end-"].done').slice(-1)).map((e) => e.getBoundingClientRect())
  const at = open.sort((a, b) => a.width - b.width)[0] // what is inside of a block, before the block
  const box = host.parentElement!
  if (!at) return
  const seen = box.getBoundingClientRect()
  box.scrollTo(at.left - seen.left + at.width / 2 - seen.width / 2, at.top - seen.top + at.height / 2 - seen.height / 2)
}
