import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, ok } from '../api/client'
import { t } from '../texts/text'
import { Heading } from '../ui/Heading'
import '../start/start.css'

// Registers are the office's books: one line for each case or each row.
export function Registers() {
  const query = useQuery({
    queryKey: ['registers'],
    queryFn: async () => (await ok(api.GET('/api/v1/registers'))).registers ?? [],
  })
  return (
    <main id="main">
      <Heading>{t('nav.registers')}</Heading>
      {query.isError && <p className="note bad">{query.error.message}</p>}
      {query.data?.length === 0 && <p className="empty">{t('registers.none')}</p>}
      <ul className="procedures">
        {(query.data ?? []).map((r) => (
          <li key={`${r.procedure}/${r.register}`}>
            <Link className="card" to="/registers/$procedure/$register"
              params={{ procedure: r.procedure, register: r.register }}>
              <b>{r.title}</b>
              <span className="soft">{r.procedure_title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </main>
  )
}
