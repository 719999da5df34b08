import { Link } from '@tanstack/react-router';
import { PROVIDER_KINDS } from '@tocsin/notifying';
import classes from './kind-choice.module.css';
import { KIND_TEXTS } from './provider-kinds.js';

/** Where messages could go: each leads to the form of its kind. */
export function KindChoice() {
  return (
    <ul className={classes.kinds}>
      {PROVIDER_KINDS.map((kind) => {
        const { icon: Icon, label, about } = KIND_TEXTS[kind];
        return (
          <li key={kind}>
            <Link to="/providers/new" search={{ type: kind }} className={classes.kind}>
              <Icon size={20} aria-hidden />
              <span>
                <span className={classes.label}>{label}</span>
                <span className={classes.about}>{about}</span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
