import type { Schemas } from '../api/client'
import { t } from '../texts/text'
import { Box } from '../ui/Box'
import type { Case } from './CasePage'

type Shown = Schemas['ShownField']
type File = { id: string; name?: string }

// Attachments are all photographs, files and signatures of a case in one place; each stands with its field, too.
export function Attachments({ view }: { view: Case }) {
  const list = (view.data ?? []).flatMap(filesOf)
  if (list.length === 0) return null
  return (
    <Box title={t('case.files')}>
      <ul className="attachments">
        {list.map(({ title, file }) => (
          <li key={title + file.id}><a href={`/api/v1/files/${file.id}`} download={file.name}>{title}</a></li>
        ))}
      </ul>
    </Box>
  )
}

const isFile = (type: string) => ['file', 'photo', 'signature'].includes(type)

function filesOf(field: Shown): { title: string; file: File }[] {
  if (isFile(field.type) && field.value) return [{ title: field.title, file: field.value as File }]
  if (!Array.isArray(field.value)) return []
  return (field.columns ?? []).filter((c) => isFile(c.type)).flatMap((c) =>
    (field.value as Record<string, File | undefined>[]).flatMap((row, i) => {
      const file = row[c.path.slice(c.path.lastIndexOf('.') + 1)]
      return file ? [{ title: `${c.title} ${i + 1}`, file }] : []
    }))
}
