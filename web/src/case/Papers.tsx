import { language, t } from '../texts/text'
import type { Case } from './CasePage'

// Papers are what the case has issued, each as it was then, to be printed.
export function Papers({ view }: { view: Case }) {
  const list = view.papers ?? []
  if (list.length === 0) return null
  return (
    <section className="card box">
      <h2>{t('case.papers')}</h2>
      <ul className="attachments">
        {list.map((p) => (
          <li key={p.document + p.number}>
            <a target="_blank" rel="noreferrer" href={`/api/v1/cases/${encodeURIComponent(view.id)}/documents/${
              encodeURIComponent(p.document)}?edition=${p.edition}&lang=${language()}`}>{p.title}</a>
            {' '}<small className="soft number">{p.number}</small>
            {p.superseded && <> <span className="tag">{t('case.papers.void')}</span></>}
          </li>
        ))}
      </ul>
    </section>
  )
}
