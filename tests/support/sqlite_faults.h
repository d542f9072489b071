// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <sqlite3.h>

// From its n-th write on, nothing that SQLite writes reaches a file any more, as after a kill at that write, which is
// itself torn in the middle. Counted over all files opened while this lives, of which there is one at a time.
class SqliteFaults {
public:
    SqliteFaults()
    {
        s_real = sqlite3_vfs_find(nullptr);
        s_vfs = *s_real;
        s_vfs.zName = "faults";
        s_vfs.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags) {
            const int code = s_real->xOpen(s_real, name, file, flags, outFlags);
            if (code == SQLITE_OK && file->pMethods)
                replaceMethods(file);
            return code;
        };
        sqlite3_vfs_register(&s_vfs, 1);
    }
    ~SqliteFaults()
    {
        sqlite3_vfs_register(s_real, 1);
        sqlite3_vfs_unregister(&s_vfs);
    }

    // 0 = never.
    void dieAtWrite(std::uint64_t number)
    {
        s_dieAt = number;
        s_writes = 0;
    }
    std::uint64_t writes() const { return s_writes; }

private:
    // Databases and their logs have tables of their own, which differ in how they lock and not in how they write.
    static void replaceMethods(sqlite3_file* file)
    {
        for (Methods& one : s_methods) {
            if (!one.plain) {
                one.plain = file->pMethods;
                one.faulty = *file->pMethods;
                one.faulty.xWrite = write;
                one.faulty.xTruncate = truncate;
            }
            if (one.plain == file->pMethods) {
                file->pMethods = &one.faulty;
                return;
            }
        }
    }
    static bool isDead() { return ++s_writes >= s_dieAt && s_dieAt > 0; }
    static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at)
    {
        if (!isDead())
            return s_methods[0].plain->xWrite(file, bytes, count, at);
        if (s_writes == s_dieAt)
            s_methods[0].plain->xWrite(file, bytes, count / 2, at);
        return SQLITE_IOERR_WRITE;
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size)
    {
        return isDead() ? SQLITE_IOERR_TRUNCATE : s_methods[0].plain->xTruncate(file, size);
    }

    inline static sqlite3_vfs* s_real = nullptr;
    inline static sqlite3_vfs s_vfs{};
    struct Methods {
        const sqlite3_io_methods* plain;
        sqlite3_io_methods faulty;
    };
    inline static Methods s_methods[4]{};
    inline static std::uint64_t s_dieAt = 0, s_writes = 0;
};
