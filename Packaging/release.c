/* Linked into the program of a release (Scripts/dist.sh), so that it needs little of the machine it comes to. */
#include <string.h>

/* The only function of the Fortran runtime that the linear algebra of Ness calls: two strings, one behind the other, cut to
   the length asked for or filled up with blanks. */
void _gfortran_concat_string(size_t length, char *joined, size_t first_length, const char *first, size_t second_length,
                             const char *second) {
  size_t from_first = first_length < length ? first_length : length;
  memcpy(joined, first, from_first);
  size_t room = length - from_first, from_second = second_length < room ? second_length : room;
  memcpy(joined + from_first, second, from_second);
  memset(joined + from_first + from_second, ' ', room - from_second);
}

/* Foundation mentions `hypot`, which Ness never calls. In the version of the build machine's glibc (2.35) it would be the only
   reason why the program refuses glibc 2.34, that of Red Hat Enterprise Linux 9 and its kin. */
double older_hypot(double x, double y);
float older_hypotf(float x, float y);
__asm__(".symver older_hypot, hypot@GLIBC_2.2.5");
__asm__(".symver older_hypotf, hypotf@GLIBC_2.2.5");
double hypot(double x, double y) { return older_hypot(x, y); }
float hypotf(float x, float y) { return older_hypotf(x, y); }
