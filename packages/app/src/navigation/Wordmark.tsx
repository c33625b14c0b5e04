import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: { display: 'inline-flex', alignItems: 'center', gap: 12 },
  name: {
    fontFamily: theme.typography.fontFamily,
    fontWeight: 700,
    letterSpacing: -0.2,
    lineHeight: 1.1,
    whiteSpace: 'nowrap',
  },
}));

/** Three cells held by one frame: services in an environment. */
export const Mark = ({ size = 28 }: { size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 32 32"
    aria-hidden="true"
    focusable="false"
  >
    <rect width="32" height="32" rx="8" fill="#0f766e" />
    <path
      d="M8 12.5 16 8l8 4.5v7L16 24l-8-4.5z"
      fill="none"
      stroke="#99f6e4"
      strokeWidth="1.75"
      strokeLinejoin="round"
    />
    <circle cx="16" cy="12.4" r="2.1" fill="#fff" />
    <circle cx="12.4" cy="18.2" r="2.1" fill="#fff" />
    <circle cx="19.6" cy="18.2" r="2.1" fill="#fff" />
  </svg>
);

export const Wordmark = ({ size = 28 }: { size?: number }) => {
  const classes = useStyles();
  return (
    <span className={classes.root}>
      <Mark size={size} />
      <span className={classes.name} style={{ fontSize: size * 0.55 }}>
        GenAI Environments
      </span>
    </span>
  );
};
