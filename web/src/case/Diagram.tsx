import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, ok } from '../api/client'
import { language, t } from '../texts/text'
import './diagram.css'

// Diagram is the procedure as the server draws it, with where the case stands and what it has passed.
export function Diagram({ id }: { id: string }) {
  const narrow = matchMedia('(max-width: 700px)').matches
  const query = useQuery({
    queryKey: ['case', id, 'diagram', narrow],
    queryFn: () => ok(api.GET('/api/v1/cases/{id}/diagram', {
      params: { path: { id }, query: { narrow } }, parseAs: 'text',
    })),
  })
  const host = useRef<HTMLDivElement>(null)
  const at = useRef<string>(undefined)
  const [zoom, setZoom] = useState(1)
  const svg = query.data
  useEffect(() => {
    if (!svg || !host.current) return
    const first = at.current === undefined ? fit(svg, host.current.parentElement!) : zoom
    show(host.current, svg, first)
    setZoom(first)
    const open = [...host.current.shadowRoot!.querySelectorAll('.node.late, .node.open')].map((e) => e.id).join(' ')
    if (open !== at.current) toTheOpen(host.current) // where the case goes, the eye goes with it
    at.current = open
  }, [svg])
  useEffect(() => {
    if (host.current?.shadowRoot) scale(host.current, zoom)
  }, [zoom])
  const whole = () => setZoom(Math.min(1, room(host.current!.parentElement!) / natural(host.current!)))
  if (query.isError && !svg) return <p className="note bad">{query.error.message}</p>
  return (
    <>
      <div className="diagram" role="region" aria-label={t('case.diagram')} tabIndex={0}>
        <div ref={host} aria-hidden="true" />
        {svg && <ol className="hidden">{told(svg).map((line, i) => <li key={i}>{line}</li>)}</ol>}
        {query.isPending && <p role="status">{t('loading')}</p>}
      </div>
      <div className="row zoom">
        <button className="button quiet small" aria-label={t('zoom.out')}
          onClick={() => setZoom((z) => Math.max(0.2, z / 1.3))}>−</button>
        <button className="button quiet small" aria-label={t('zoom.in')}
          onClick={() => setZoom((z) => Math.min(3, z * 1.3))}>＋</button>
        <button className="button quiet small" onClick={whole}>{t('zoom.whole')}</button>
        <a className="button quiet small" target="_blank" rel="noreferrer"
          href={`/api/v1/cases/${encodeURIComponent(id)}/diagram?lang=${language()}`}>{t('case.diagram.whole')}</a>
      </div>
    </>
  )
}

// told is the picture in words, for those who do not see it: a line for each step, to go through one by one.
function told(svg: string): string[] {
  const [desc = ''] = /<desc.*?<\/desc>/s.exec(svg) ?? []
  return (new DOMParser().parseFromString(desc, 'text/xml').documentElement.textContent ?? '').split('\n')
}

// show puts the picture into a shadow of its own: its style concerns nothing else, and comes as a sheet, since the page
// allows no style that stands in a document. The page is light, whatever the system prefers.
function show(host: HTMLElement, text: string, zoom: number) {
  const [, head = '', style = '', rest = ''] = /^(.*?)<style>(.*?)<\/style>(.*)$/s.exec(text) ?? []
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style.replace('(prefers-color-scheme:dark)', 'not all'))
  root.adoptedStyleSheets = [sheet]
  const svg = new DOMParser().parseFromString(head + rest, 'image/svg+xml').documentElement as unknown as SVGSVGElement
  size(svg, zoom) // before it is shown: what is seen of it stays where it is
  root.replaceChildren(svg)
}

const room = (box: HTMLElement) => box.clientWidth - 2

// least is how small a picture may be drawn to be seen whole: its letters stay readable.
const least = 0.85

// fit is how large a picture is drawn at first: as wide as there is room where it is almost that wide.
function fit(svg: string, box: HTMLElement): number {
  const wide = Number(/viewBox="\S+ \S+ (\S+) /.exec(svg)?.[1])
  const by = room(box) / wide
  return by >= least && by < 1 ? by : 1
}

function size(svg: SVGSVGElement, zoom: number) {
  svg.setAttribute('width', String(svg.viewBox.baseVal.width * zoom))
  svg.setAttribute('height', String(svg.viewBox.baseVal.height * zoom))
}

// natural is how wide the picture is drawn.
const natural = (host: HTMLElement) => host.shadowRoot?.querySelector('svg')?.viewBox.baseVal.width || 1

// scale draws it larger or smaller, around what is in the middle of what is seen.
function scale(host: HTMLElement, zoom: number) {
  const svg = host.shadowRoot?.querySelector('svg')
  if (!svg) return
  const box = host.parentElement!
  const by = (svg.viewBox.baseVal.width * zoom) / svg.width.baseVal.value
  const x = (box.scrollLeft + box.clientWidth / 2) * by - box.clientWidth / 2
  const y = (box.scrollTop + box.clientHeight / 2) * by - box.clientHeight / 2
  size(svg, zoom)
  if (by !== 1) box.scrollTo(x, y)
}

// toTheOpen shows what is under way in the middle of what is seen; of a case that is over, where it ended. Of several
// that is what is late, else what comes first, and a block only where nothing in it is.
function toTheOpen(host: HTMLElement) {
  const all = (which: string) => [...(host.shadowRoot?.querySelectorAll(which) ?? [])]
  const step = ':is(.box:not(.block), .sym)'
  const [open] = [`.late > ${step}`, `.open > ${step}`, ':is(.late, .open) > .block'].flatMap(all)
  // Only its box counts: its ways, and what is said of them, reach far to its sides.
  const at = (open ?? all('[id^="end-"].done > .sym').at(-1))?.getBoundingClientRect()
  const box = host.parentElement!
  if (!at) return
  const seen = box.getBoundingClientRect()
  box.scrollBy(at.left - seen.left + at.width / 2 - seen.width / 2, at.top - seen.top + at.height / 2 - seen.height / 2)
}
