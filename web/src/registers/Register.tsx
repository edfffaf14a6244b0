import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { api, ok, type Schemas } from '../api/client'
import { Missing } from '../app/Trouble'
import type { RegisterFilter } from '../router'
import { language, t } from '../texts/text'
import { Heading } from '../ui/Heading'
import { Icon } from '../ui/Icon'
import { More } from '../ui/More'
import { Wide } from '../ui/Wide'
import '../task/task.css'
import './register.css'

type Column = Schemas['RegisterColumn']

// long is how many letters a column may be too narrow for.
const long = 20

const numeric = (c: Column) => ['count', 'number', 'money'].includes(c.type)

// Register is one book: a table that is filtered and sorted in the address, with its totals, to export and to print.
export function Register() {
  const { procedure, register } = useParams({ from: '/inside/registers/$procedure/$register' })
  const filter = useSearch({ from: '/inside/registers/$procedure/$register' })
  const navigate = useNavigate()
  const query = useInfiniteQuery({
    queryKey: ['register', procedure, register, filter],
    queryFn: ({ pageParam }) => ok(api.GET('/api/v1/registers/{procedure}/{register}', {
      params: { path: { procedure, register }, query: { ...filter, after: pageParam, limit: 200 } },
    })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  })
  const page = query.data?.pages[0]
  const columns = page?.columns ?? []
  const lines = (query.data?.pages ?? []).flatMap((p) => p.lines ?? [])
  // toPaper prints the whole register, also what has not been read yet.
  async function toPaper() {
    for (let more = query.hasNextPage; more;) more = (await query.fetchNextPage()).hasNextPage
    requestAnimationFrame(() => print())
  }
  if (query.isError && !page) {
    return (
      <Missing error={query.error} gone={'registers.unknown'}>
        <Link className="button" to="/registers">{t('nav.registers')}</Link>
      </Missing>
    )
  }
  const put = (search: RegisterFilter) =>
    void navigate({ to: '/registers/$procedure/$register', params: { procedure, register }, search, replace: true })
  const asked = Object.entries(filter).flatMap(([name, x]) => [x ?? []].flat().map((one) => [name, one]))
  const address = `/api/v1/registers/${procedure}/${register}/export?` +
    new URLSearchParams([['lang', language()], ...asked])
  return (
    <main id="main" className="register">
      <header className="top">
        <Link className="back" to="/registers" aria-label={t('back')}><Icon name="back" /></Link>
        <div>
          <Heading>{page?.title ?? t('nav.registers')}</Heading>
          {page && <p className="soft">{page.procedure_title} · {t('registers.count', { n: page.count })}</p>}
        </div>
        <div className="row tools">
          {(['xlsx', 'csv'] as const).map((format) => (
            <a key={format} className="button quiet small" href={`${address}&format=${format}`} download>
              <span className="hidden">{t('registers.take')} </span>{format === 'xlsx' ? 'Excel' : 'CSV'}
            </a>
          ))}
          <button className="button quiet small" disabled={query.isFetchingNextPage} onClick={() => void toPaper()}>
            {t('print')}
          </button>
        </div>
      </header>
      <Filter columns={columns} filter={filter} put={put} />
      {query.isError && <p className="note bad" role="alert">{query.error.message}</p>}
      {page?.partial && <p className="note">{t('registers.partial')}</p>}
      {(page?.totals ?? []).length > 0 && (
        <dl className="totals">
          {page!.totals!.map((x) => <div key={x.title}><dt>{x.title}</dt><dd>{x.text}</dd></div>)}
        </dl>
      )}
      <Wide look="card" label={page?.title ?? t('nav.registers')}>
        <table>
          <thead>
            <tr>
              {columns.map((c) => (
                <Head key={c.key} column={c} sort={filter.sort} put={(sort) => put({ ...filter, sort })} />
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, i) => (
              <tr key={`${line.case}.${i}`}>
                {(line.cells ?? []).map((cell, n) => (
                  <td key={columns[n]?.key ?? n} title={(cell.text ?? '').length > long ? cell.text : undefined}
                    className={columns[n] && numeric(columns[n]) ? 'figure' : undefined}>
                    {line.open && cell.text === line.number
                      ? <Link to="/cases/$id" params={{ id: line.case }}>{cell.text}</Link> : cell.text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {query.isSuccess && lines.length === 0 && <p className="soft none">{t('registers.empty')}</p>}
      </Wide>
      <More of={query} />
    </main>
  )
}

// Head sorts by its column: up, down, and as the procedure says.
function Head({ column, sort, put }: { column: Column; sort?: string; put: (sort?: string) => void }) {
  const up = sort === column.key
  const down = sort === `-${column.key}`
  return (
    <th scope="col" aria-sort={up ? 'ascending' : down ? 'descending' : undefined}
      className={numeric(column) ? 'figure' : undefined}>
      <button onClick={() => put(up ? `-${column.key}` : down ? undefined : column.key)}>
        {column.title} <span aria-hidden="true">{up ? '▲' : down ? '▼' : ''}</span>
      </button>
    </th>
  )
}

// Filter narrows by as many columns as one likes: below those that are chosen stands one more to choose.
function Filter({ columns, filter, put }: {
  columns: Column[]; filter: RegisterFilter; put: (f: RegisterFilter) => void
}) {
  const [rows, setRows] = useState<Pair[]>(() => (filter.column ?? []).map((c, i) => [c, filter.value?.[i] ?? '']))
  const { sort } = filter
  const said = JSON.stringify([filter.column ?? [], filter.value ?? []])
  useEffect(() => {
    const full = rows.filter(([c, v]) => c && v)
    const column = full.map(([c]) => c)
    const value = full.map(([, v]) => v)
    if (JSON.stringify([column, value]) === said) return
    const timer = setTimeout(() => put(full.length > 0 ? { sort, column, value } : { sort }), 300)
    return () => clearTimeout(timer)
  }, [rows, said, sort, put])
  const set = (i: number, row: Pair) =>
    setRows([...rows.slice(0, i), row, ...rows.slice(i + 1)].filter(([c]) => c !== ''))
  return (
    <div className="filter" role="search">
      {[...rows, ['', ''] as Pair].map(([column, value], i) => (
        <div key={i} className="row">
          <select aria-label={t('registers.column')} value={column} onChange={(e) => set(i, [e.target.value, value])}>
            <option value="">{t(column ? 'registers.without' : i > 0 ? 'registers.also' : 'registers.all')}</option>
            {columns.filter((c) => !c.private).map((c) => <option key={c.key} value={c.key}>{c.title}</option>)}
          </select>
          {column && <input type="search" aria-label={t('registers.value')} placeholder={t('registers.value')}
            value={value} onChange={(e) => set(i, [column, e.target.value])} />}
        </div>
      ))}
    </div>
  )
}

type Pair = [column: string, value: string]
