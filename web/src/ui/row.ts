import { t } from '../texts/text'

type OfRow = { row?: string | number; row_name?: string }

// rowOf says which row a task or a run is about, and what people know that row by; '' where it is about none.
export const rowOf = ({ row, row_name: name }: OfRow) =>
  row ? t(name ? 'task.row.named' : 'task.row', { n: row, name: name ?? '' }) : ''

// withRow is a run with its row.
export const withRow = (run: OfRow & { title: string }) => `${run.title} ${rowOf(run)}`.trim()
