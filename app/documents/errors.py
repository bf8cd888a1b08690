"""Refusals of uploads and files: each says what is wrong with the file and what to do with it."""

from app.core.errors import N_, AppError

from .press import MOST_PAGES


class FileTooLarge(AppError):
    """More bytes than a file may have."""

    status = 413
    type = "file-too-large"
    what = N_("文件超过 %(most)s MB，没有收。")
    todo = N_("请重拍，或者选小一点的文件。")


class NoFile(AppError):
    """A form without a file, or with an empty one."""

    status = 422
    type = "no-file"
    what = N_("还没有选照片，或者文件是空的。")
    todo = N_("请选一张再传。")


class FileRefused(AppError):
    """The content is not one that we accept; subclasses say why."""

    status = 422
    type = "file-refused"
    what = N_("这个文件不能用。")
    todo = N_("请重新拍一张，或者换一个文件。")


class UnknownKind(FileRefused):
    """Neither JPEG, PNG, HEIC nor PDF, whatever its name says."""

    type = "file-kind"
    what = N_("只收照片（JPEG、PNG、HEIC）和 PDF，这个文件不是。")
    todo = N_("请用手机拍照，或者截图后再传。")


class BrokenFile(FileRefused):
    """Cut short or damaged."""

    type = "file-broken"
    what = N_("这个文件不完整，打不开。")
    todo = N_("请重新拍一张，或者重新保存后再传。")


class HiddenContent(FileRefused):
    """A picture or PDF that is something else at the same time, or carries something behind its end."""

    type = "file-hidden-content"
    what = N_("这个文件里夹带了别的内容，没有收。")
    todo = N_("请重新拍一张，或者截图后再传。")


class TooManyPixels(FileRefused):
    """More pixels than we decode."""

    type = "file-pixels"
    what = N_("这张图片太大，超过 5000 万像素。")
    todo = N_("请用普通模式重拍一张。")


class TooManyPages(FileRefused):
    """A PDF with more pages than we preview."""

    type = "file-pages"
    what = N_("这个 PDF 超过 %(most)s 页。")
    todo = N_("请只留下要用的几页，再传。")


class ActivePdf(FileRefused):
    """A PDF with scripts, actions, embedded files or an XFA form."""

    type = "file-active-pdf"
    what = N_("这个 PDF 里有脚本或者附件，没有收。")
    todo = N_("请把要用的页拍照或截图后再传。")


class LockedPdf(FileRefused):
    """A PDF with a password or restrictions."""

    type = "file-locked-pdf"
    what = N_("这个 PDF 加了密码，打不开。")
    todo = N_("请去掉密码，或者拍照后再传。")


class HashMismatch(FileRefused):
    """The bytes that arrived are not the bytes that were announced."""

    type = "hash-mismatch"
    what = N_("文件在路上变了样，没有收。")
    todo = N_("请再传一次。")


class UnknownMetadata(AppError):
    """tus metadata missing or not readable."""

    status = 422
    type = "upload-metadata"
    what = N_("上传说明看不懂：%(detail)s")
    todo = N_("请再传一次。")


class WrongOffset(AppError):
    """A chunk for another place than where the upload stands, or another writer was faster."""

    status = 409
    type = "upload-offset"
    what = N_("上传接不上，请从断开的地方接着传。")
    todo = N_("手机会自己接着传。")


class UploadExpired(AppError):
    """An unfinished upload is kept for seven days."""

    status = 410
    type = "upload-expired"
    what = N_("这次上传隔得太久，已经作废。")
    todo = N_("请再传一次。")


class LengthNeeded(AppError):
    """An upload without its length, or with one that is no number."""

    status = 411
    type = "length-needed"
    what = N_("没有说明文件多大，没有收。")
    todo = N_("请再传一次。")


class NotTusVersion(AppError):
    """Another protocol version than 1.0.0."""

    status = 412
    type = "tus-version"
    what = N_("上传方式不对：只支持 tus 1.0.0。")
    todo = N_("请更新后再试。")


class NotTusContent(AppError):
    """A PATCH that is not application/offset+octet-stream."""

    status = 415
    type = "upload-content-type"
    what = N_("上传方式不对。")
    todo = N_("请更新后再试。")


class TooManyFiles(AppError):
    """A draft holds as many files as it may."""

    status = 422
    type = "too-many-files"
    what = N_("一份表最多放 %(most)s 个文件。")
    todo = N_("请先删掉不用的，再传。")


class DocumentsMissing(AppError):
    """A submission names files that have not arrived; `missing` lists their hashes."""

    status = 409
    type = "documents-missing"
    what = N_("还有 %(count)s 个文件没有传到。")
    todo = N_("请等它们传完，再交一次。")


class DocumentClosed(AppError):
    """The document belongs to a case by now and stays as it is."""

    status = 409
    type = "document-closed"
    what = N_("这个文件已经随办件交上去了，不能再改。")
    kept = N_("它还在您的办件里。")
    todo = N_("部门要您补正时，可以交新的。")


#: What the words of a refusal name.
BOUNDS: dict[str, dict[str, object]] = {"file-pages": {"most": MOST_PAGES}}
BY_TYPE: dict[str, type[FileRefused]] = {
    kind.type: kind
    for kind in (
        FileRefused, UnknownKind, BrokenFile, HiddenContent, TooManyPixels, TooManyPages, ActivePdf, LockedPdf, HashMismatch
    )
}  # fmt: skip


def refusal(kind: str) -> FileRefused:
    """The refusal of a stable type, as it was said the first time."""
    return BY_TYPE.get(kind, FileRefused)(**BOUNDS.get(kind, {}))
