import { Link } from '@tanstack/react-router'
import type { Schemas } from '../api/client'
import { usePostTitle } from '../api/queries'
import { listed } from '../texts/text'
import { rowOf } from '../ui/row'

// Called are cases that a case waits for: each leads there, and says who has it.
export function Called({ list }: { list: Schemas['CaseLine'][] }) {
  const title = usePostTitle()
  return list.map((c) => (
    <li key={c.id}>
      <span>
        <Link to="/cases/$id" params={{ id: c.id }}><span className="number">{c.number}</span> {c.title}</Link>
        {(c.open ?? []).map((task) => (
          <small key={task.id} className="soft">
            {' '}· {task.title} {task.row && rowOf(task)} {task.holder_name ?? listed((task.posts ?? []).map(title))}
          </small>
        ))}
      </span>
    </li>
  ))
}
