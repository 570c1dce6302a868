import { Collapse, SimpleGrid, UnstyledButton } from '@mantine/core'
import type { ObjectFieldTemplateProps } from '@rjsf/utils'
import { IconChevronDown } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import classes from './record.module.css'

interface Section {
  title: string
  names: string[]
  fields: ReactNode[]
}

/** The fields of a form under the headings of its layer; each section folds. */
export function FormSections({ properties, uiSchema, errorSchema }: ObjectFieldTemplateProps) {
  const sections: Section[] = []
  for (const { name, content, hidden } of properties) {
    if (hidden) continue
    const title = String(uiSchema?.[name]?.['ui:options']?.section ?? '')
    let section = sections.find((each) => each.title === title)
    if (!section) {
      section = { title, names: [], fields: [] }
      sections.push(section)
    }
    section.names.push(name)
    section.fields.push(<div key={name}>{content}</div>)
  }
  return sections.map(({ title, names, fields }) => {
    const grid = <SimpleGrid verticalSpacing={6}>{fields}</SimpleGrid>
    if (title === '') return <div key="">{grid}</div>
    const faulty = names.some((name) => errorSchema?.[name]?.__errors?.length)
    return (
      <Fold key={title} title={title} open={faulty}>
        {grid}
      </Fold>
    )
  })
}

/** A section with a fault in it does not stay folded. */
function Fold({
  title,
  open: forced,
  children,
}: {
  title: string
  open: boolean
  children: ReactNode
}) {
  const [folded, setFolded] = useState(false)
  const id = useId()
  const open = forced || !folded
  return (
    <section className={classes.section}>
      <h3>
        <UnstyledButton
          className={classes.fold}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setFolded(open)}
        >
          {title}
          <IconChevronDown size={16} aria-hidden data-open={open} />
        </UnstyledButton>
      </h3>
      <Collapse expanded={open} id={id} keepMounted={false}>
        {children}
      </Collapse>
    </section>
  )
}
