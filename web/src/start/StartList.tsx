import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, ok, type Schemas } from '../api/client'
import { listed, t } from '../texts/text'
import { Heading } from '../ui/Heading'
import './start.css'

export const startable = queryOptions({
  queryKey: ['procedures'],
  queryFn: async () => (await ok(api.GET('/api/v1/procedures'))).procedures ?? [],
  staleTime: 60_000,
})

// StartList shows the procedures that one may start, what each is for, and what one will be asked.
export function StartList() {
  const query = useQuery(startable)
  return (
    <main id="main">
      <Heading>{t('nav.start')}</Heading>
      {query.isError && <p className="note bad">{query.error.message}</p>}
      {query.data?.length === 0 && <p className="empty">{t('start.none')}</p>}
      <ul className="procedures">
        {(query.data ?? []).flatMap((p) => (p.starts ?? []).map((s) => (
          <li key={`${p.id}/${s.way}`}>
            <Link className="card" to="/start/$procedure/$way" params={{ procedure: p.id, way: String(s.way) }}>
              <b>{p.title}{(p.starts ?? []).length > 1 && <small> {t('start.way', { n: s.way + 1 })}</small>}</b>
              {p.description && <span>{p.description}</span>}
              <small className="soft">{t('start.asks', { what: asked(s.form) || t('start.asks.nothing') })}</small>
            </Link>
          </li>
        )))}
      </ul>
    </main>
  )
}

// asked says what a form is about, in the titles of its records and fields.
function asked(form: Schemas['FormView']): string {
  const titles = (form.fields ?? []).map((f) => {
    const head = f.path.split('.')[0]
    return form.groups?.find((g) => g.id === head)?.title
      ?? form.tables?.find((x) => x.path === head || x.row === head)?.title ?? f.title
  })
  return listed([...new Set(titles)])
}
