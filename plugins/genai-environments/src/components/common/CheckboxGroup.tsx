import Checkbox from '@material-ui/core/Checkbox';
import { ChoiceField, ChoiceFieldProps } from './ChoiceField';

/** Several of a few; keeps the order of the options. */
export function CheckboxGroup<T extends string>(
  props: ChoiceFieldProps<T> & {
    selected: T[];
    onChange: (selected: T[]) => void;
  },
) {
  const { selected, onChange, ...field } = props;
  const toggle = (value: T, checked: boolean) =>
    onChange(
      field.options
        .map(option => option.value)
        .filter(other =>
          other === value ? checked : selected.includes(other),
        ),
    );
  return (
    <ChoiceField
      {...field}
      control={value => (
        <Checkbox
          color="primary"
          checked={selected.includes(value)}
          onChange={(_, checked) => toggle(value, checked)}
        />
      )}
    />
  );
}
