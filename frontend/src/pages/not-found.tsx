import { Empty } from '../parts/empty.tsx'
import { PageHead } from '../parts/page-head.tsx'

export function NotFoundPage() {
  return (
    <>
      <PageHead title="Nothing here" />
      <Empty>
        <p>This address leads nowhere.</p>
        <p>
          <a href="/">See the catalogue</a>
        </p>
      </Empty>
    </>
  )
}
