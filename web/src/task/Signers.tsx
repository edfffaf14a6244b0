import { useQueryClient } from '@tanstack/react-query'
import { api, ok, once } from '../api/client'
import { t, type Key } from '../texts/text'
import { announce } from '../ui/announce'
import { Box } from '../ui/Box'
import type { Task } from './TaskPage'

// Signers are those who sign a step, each behind the one who asked him.
export function Signers({ task }: { task: Task }) {
  const queries = useQueryClient()
  async function remove(signer: string) {
    try {
      const params = { path: { id: task.id, signer }, header: once() }
      await ok(api.DELETE('/api/v1/tasks/{id}/signers/{signer}', { params }))
      await queries.invalidateQueries({ queryKey: ['task', task.id] })
    } catch (error) {
      announce((error as Error).message)
    }
  }
  return (
    <Box title={t('signers')}>
      <ul className="signers">
        {task.signers!.map((s) => (
          <li key={s.task} className={s.parent ? 'added' : undefined}>
            <span><b>{s.who}</b>{s.place && <small className="soft"> {t(`act.add-${s.place}` as Key)}</small>}</span>
            <span className="tag">{s.title ?? t(`signer.${s.state}` as Key)}</span>
            {s.remove && (
              <button className="button quiet small" onClick={() => void remove(s.task)}>
                {t('act.remove-signer')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Box>
  )
}
