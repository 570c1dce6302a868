import { Alert, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { introspectionQuery, tablesQuery } from '../api/queries'
import { LayerFileForm } from './LayerFileForm'

/** Makes a layer of a table that is in the database already. */
export function FromTable({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const [table, setTable] = useState<string | null>(null)
  const { data: tables = [] } = useQuery(tablesQuery)
  const { data: file, error } = useQuery({
    ...introspectionQuery(table ?? ''),
    enabled: table !== null,
  })
  return (
    <Stack>
      <Select
        label={t('design.chooseTable')}
        description={t('design.chooseTableHelp')}
        searchable
        data={tables}
        value={table}
        onChange={setTable}
        nothingFoundMessage={t('design.noTable')}
      />
      {error && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
      {file !== undefined && <LayerFileForm key={table} file={file} onDone={onDone} />}
    </Stack>
  )
}
