import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormGroup from '@material-ui/core/FormGroup';
import FormHelperText from '@material-ui/core/FormHelperText';
import FormLabel from '@material-ui/core/FormLabel';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ReactElement } from 'react';

/** Something to choose, with what it means. */
export type Choice<T extends string = string> = {
  value: T;
  label: string;
  description?: string;
};

export type ChoiceFieldProps<T extends string> = {
  id: string;
  label: string;
  options: Array<Choice<T>>;
  invalid?: boolean;
  /** Instead of the help, when there is something wrong. */
  message?: string;
  help?: string;
  required?: boolean;
  disabled?: boolean;
};

const useStyles = makeStyles(
  theme => ({
    described: {
      alignItems: 'flex-start',
      marginBottom: theme.spacing(1),
      '& > :last-child': { paddingTop: 9 },
    },
  }),
  { name: 'GenaiEnvironmentChoiceField' },
);

/** A labelled group of options; `control` is the checkbox or radio button of one. */
export function ChoiceField<T extends string>(
  props: ChoiceFieldProps<T> & { control: (value: T) => ReactElement },
) {
  const { id, label, options, message, help, control } = props;
  const classes = useStyles();
  return (
    <FormControl
      component="fieldset"
      margin="normal"
      fullWidth
      error={props.invalid}
      required={props.required}
      disabled={props.disabled}
      aria-describedby={`${id}-help`}
    >
      <FormLabel component="legend">{label}</FormLabel>
      <FormGroup>
        {options.map(option => (
          <FormControlLabel
            key={option.value}
            className={option.description ? classes.described : undefined}
            control={control(option.value)}
            label={
              <>
                {option.label}
                {option.description && (
                  <Typography
                    variant="body2"
                    color="textSecondary"
                    component="div"
                  >
                    {option.description}
                  </Typography>
                )}
              </>
            }
          />
        ))}
      </FormGroup>
      <FormHelperText
        id={`${id}-help`}
        aria-live="polite"
        // What helps is no error, also where the form shows one.
        error={message !== undefined}
      >
        {message ?? help}
      </FormHelperText>
    </FormControl>
  );
}
