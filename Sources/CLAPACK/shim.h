#pragma once
/* LAPACK under its Fortran names, as OpenBLAS and Accelerate both export them; only what Ness uses. */
#include <cblas.h>
void dgesv_(const int *n, const int *nrhs, double *a, const int *lda, int *ipiv, double *b, const int *ldb, int *info);
void dsterf_(const int *n, double *d, double *e, int *info);
void dgeev_(
    const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda, double *wr, double *wi, double *vl,
    const int *ldvl, double *vr, const int *ldvr, double *work, const int *lwork, int *info);
void dgees_(
    const char *jobvs, const char *sort, int (*select)(const double *, const double *), const int *n, double *a,
    const int *lda, int *sdim, double *wr, double *wi, double *vs, const int *ldvs, double *work, const int *lwork,
    int *bwork, int *info);
void dtrsyl_(
    const char *trana, const char *tranb, const int *isgn, const int *m, const int *n, const double *a, const int *lda,
    const double *b, const int *ldb, double *c, const int *ldc, double *scale, int *info);
void dgesvx_(
    const char *fact, const char *trans, const int *n, const int *nrhs, double *a, const int *lda, double *af,
    const int *ldaf, int *ipiv, char *equed, double *r, double *c, double *b, const int *ldb, double *x,
    const int *ldx, double *rcond, double *ferr, double *berr, double *work, int *iwork, int *info);
void dsyev_(
    const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
    const int *lwork, int *info);
void dsyevd_(
    const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
    const int *lwork, int *iwork, const int *liwork, int *info);
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *ipiv, int *info);
void dgetrs_(
    const char *trans, const int *n, const int *nrhs, const double *a, const int *lda, const int *ipiv, double *b,
    const int *ldb, int *info);
void dgecon_(
    const char *norm, const int *n, const double *a, const int *lda, const double *anorm, double *rcond, double *work,
    int *iwork, int *info);
/* A complex number is two doubles, real and imaginary part. */
void zheevd_(
    const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
    const int *lwork, double *rwork, const int *lrwork, int *iwork, const int *liwork, int *info);
