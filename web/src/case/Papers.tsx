import { t } from '../texts/text'
import { Box } from '../ui/Box'
import { paper } from '../ui/paper'
import type { Case } from './CasePage'

// Papers are what the case has issued, each as it was then, to be printed.
export function Papers({ view }: { view: Case }) {
  const list = view.papers ?? []
  if (list.length === 0) return null
  return (
    <Box title={t('case.papers')}>
      <ul className="attachments">
        {list.map((p) => (
          <li key={p.document + p.number}>
            <a target="_blank" rel="noreferrer" href={paper(view.id, p)}>{p.title}</a>
            {' '}<small className="soft number">{p.number}</small>
            {p.superseded && <> <span className="tag">{t('case.papers.void')}</span></>}
          </li>
        ))}
      </ul>
    </Box>
  )
}
