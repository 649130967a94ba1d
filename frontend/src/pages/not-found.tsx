import { Empty } from '../parts/empty.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { say } from '../words/say.ts'

export function NotFoundPage() {
  return (
    <>
      <PageHead title={say('nothingHere')} />
      <Empty>
        <p>{say('leadsNowhere')}</p>
        <p>
          <a href="/">{say('seeCatalogue')}</a>
        </p>
      </Empty>
    </>
  )
}
