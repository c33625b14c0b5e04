import { useApi } from '@backstage/core-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../api';
import { provisionerFromForm } from './request';

/** Whose offer a field shows when the form does not ask it. */
export type ProvisionerOption = { provisioner?: string };

/** The provisioner that a form is about, as it is at this moment. */
export function useProvisioner<T>(
  props: Pick<
    FieldExtensionComponentProps<T, ProvisionerOption>,
    'formContext' | 'uiSchema'
  >,
) {
  const api = useApi(genaiEnvironmentsApiRef);
  const provisioner =
    props.formContext?.formData?.provisioner ??
    props.uiSchema?.['ui:options']?.provisioner;
  return useAsyncRetry(
    () => provisionerFromForm({ api, provisioner }),
    [api, provisioner],
  );
}
