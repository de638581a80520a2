#pragma once
/* LAPACK under its Fortran names, as OpenBLAS and Accelerate both export them; only what Ness uses. */
#include <cblas.h>
void dgesv_(const int *n, const int *nrhs, double *a, const int *lda, int *ipiv, double *b, const int *ldb, int *info);
