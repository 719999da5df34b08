import type { ReactNode } from 'react';
import classes from './beside.module.css';

/** What a page is for, and beside it, or below where there is no room, what helps with it. */
export function Beside({ children, aside }: { readonly children: ReactNode; readonly aside: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.main}>{children}</div>
      <aside className={classes.aside}>{aside}</aside>
    </div>
  );
}
