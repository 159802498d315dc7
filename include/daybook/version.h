#ifndef DAYBOOK_VERSION_H
#define DAYBOOK_VERSION_H

/* version.h -- the version of this build, as programs print it. */

#define DAYBOOK_VERSION "0.1.0"

#endif
