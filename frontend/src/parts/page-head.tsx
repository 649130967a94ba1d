import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../state/app.ts'

/** A page's heading. Takes the focus when the page is come to by a link, so that it is read out and Tab goes on from here. */
export function PageHead(props: { title: string; children?: ComponentChildren }) {
  const { alerts } = useApp()
  const badge = alerts.badge.value
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${badge === '' ? '' : `(${badge}) `}${props.title} · Lotkeeper`
  }, [props.title, badge])
  useEffect(() => {
    if (history.length > 1 && document.activeElement instanceof HTMLAnchorElement) {
      heading.current?.focus()
    }
  }, [])
  return (
    <div class="page-head">
      <h1 ref={heading} tabIndex={-1} dir="auto">
        {props.title}
      </h1>
      {props.children}
    </div>
  )
}
